import { reachedByUsers, reaching } from '../../flow/findings.ts';
import { defineRule } from '../rule.ts';

const KINDS = ['xpath', 'ldap', 'graphql'] as const;

export const lookupInjection = defineRule({
  meta: {
    id: 'security/lookup-injection',
    theme: 'security',
    benefits: ['security'],
    severity: 'error',
    confidence: 'high',
    cwe: [643, 90],
    owasp: ['A05:2025'],
    fix: 'guide',
    sinks: ['xpath', 'ldap', 'graphql'],
    messages: {
      xpath: '{source} becomes part of the XPath expression of `{call}`.',
      graphql: '{source} becomes part of the GraphQL document that `{call}` gets.',
      argument: '{source} of whoever calls this function becomes part of what `{call}` looks for.',
      ldap: '{source} becomes part of the LDAP filter or name of `{call}`.',
    },
  },

  check(model, report) {
    for (const kind of KINDS)
      for (const { span, options } of reaching(model, kind, 'remote')) report(span, kind, options);
    for (const kind of KINDS)
      for (const { span, options } of reachedByUsers(model, kind))
        report(span, 'argument', { ...options, severity: 'warning', confidence: 'medium' });
  },
});
