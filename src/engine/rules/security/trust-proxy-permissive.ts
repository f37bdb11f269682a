import { trustOneProxy } from '../../fixes/trust-proxy.ts';
import { blindTrusts, forgedLinks } from '../../queries/security/proxy-trust.ts';
import { defineRule } from '../rule.ts';

export const trustProxyPermissive = defineRule({
  meta: {
    id: 'security/trust-proxy-permissive',
    theme: 'security',
    benefits: ['security'],
    severity: 'warning',
    confidence: 'high',
    cwe: [348, 290],
    owasp: ['A07:2025'],
    fix: 'suggest',
    messages: {
      trust: 'Every proxy is trusted, so callers choose their own address with a header, and {what}.',
      host: 'The host of this link comes from the request: whoever calls {route} decides where the secret in it is sent.',
    },
  },

  check(model, report) {
    for (const { operation, relies } of blindTrusts(model))
      report(operation.span, 'trust', {
        data: { what: relies[0]!.message },
        evidence: relies,
        fixes: trustOneProxy(operation),
      });
    for (const { span, route } of forgedLinks(model))
      report(span, 'host', { data: { route }, severity: 'error', confidence: 'medium', anchor: route });
  },
});
