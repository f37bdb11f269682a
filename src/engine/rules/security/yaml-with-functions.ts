import { functionsInYaml } from '../../queries/security/protections-off.ts';
import { defineRule } from '../rule.ts';

export const yamlWithFunctions = defineRule({
  meta: {
    id: 'security/yaml-with-functions',
    theme: 'security',
    benefits: ['security'],
    severity: 'error',
    confidence: 'high',
    cwe: [502],
    owasp: ['A08:2025'],
    fix: 'guide',
    messages: {
      off: '`{name}` builds the functions that the YAML text describes, so whoever writes the text runs code.',
    },
  },

  check(model, report) {
    for (const { name, span } of functionsInYaml(model)) report(span, 'off', { data: { name }, anchor: name });
  },
});
