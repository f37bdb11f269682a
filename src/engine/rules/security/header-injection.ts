import { reaching } from '../../flow/findings.ts';
import { lenientParsers } from '../../queries/security/lenient-parsers.ts';
import { defineRule } from '../rule.ts';

export const headerInjection = defineRule({
  meta: {
    id: 'security/header-injection',
    theme: 'security',
    benefits: ['security'],
    severity: 'warning',
    confidence: 'medium',
    cwe: [113, 644, 444],
    owasp: ['A05:2025'],
    fix: 'guide',
    sinks: ['header'],
    messages: {
      name: '{source} chooses which header `{call}` sets: cookies and rules for browsers are headers, too.',
      type: '{source} chooses the content type of the answer, so whoever sends it can have it shown as a page.',
      lenient:
        'This reads requests that are not valid HTTP: what stands in front of it may see other requests than it does.',
    },
  },

  check(model, report) {
    for (const { span, flow, options } of reaching(model, 'header', 'remote'))
      report(span, flow.sink.stated ? 'type' : 'name', options);
    for (const span of lenientParsers(model)) report(span, 'lenient', { anchor: 'lenient' });
  },
});
