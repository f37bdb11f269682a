import { reaching } from '../../flow/findings.ts';
import { defineRule } from '../rule.ts';

export const xmlEntities = defineRule({
  meta: {
    id: 'security/xml-entities',
    theme: 'security',
    benefits: ['security'],
    severity: 'error',
    confidence: 'high',
    cwe: [611, 776],
    owasp: ['A02:2025', 'A05:2025'],
    fix: 'guide',
    sinks: ['xml'],
    messages: {
      expands: '{source} is read by `{call}`, which expands the entities the document declares.',
    },
  },

  check(model, report) {
    for (const { span, options } of reaching(model, 'xml', 'remote')) report(span, 'expands', options);
  },
});
