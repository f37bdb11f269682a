import { reachedByUsers, reaching } from '../../flow/findings.ts';
import { defineRule } from '../rule.ts';

export const htmlInjection = defineRule({
  meta: {
    id: 'security/html-injection',
    theme: 'security',
    benefits: ['security'],
    severity: 'warning',
    confidence: 'high',
    cwe: [79],
    owasp: ['A05:2025'],
    fix: 'guide',
    sinks: ['html'],
    messages: {
      html: '{source} becomes part of the HTML that `{call}` answers with.',
      argument: '{source} of whoever calls this function becomes part of the HTML of a page, by `{call}`.',
      page: '{source} becomes part of the HTML of a page, by `{call}`.',
    },
  },

  check(model, report) {
    for (const { span, flow, options } of reaching(model, 'html', 'remote'))
      report(span, model.flows.isInPage(flow) ? 'page' : 'html', options);
    for (const { span, options } of reachedByUsers(model, 'html'))
      report(span, 'argument', { ...options, severity: 'info', confidence: 'medium' });
  },
});
