import { onlyAllowedHosts } from '../../fixes/allowed-host.ts';
import { reaching } from '../../flow/findings.ts';
import { defineRule } from '../rule.ts';

export const ssrf = defineRule({
  meta: {
    id: 'security/ssrf',
    theme: 'security',
    benefits: ['security'],
    severity: 'error',
    confidence: 'high',
    cwe: [918],
    owasp: ['A01:2025', 'API7:2023'],
    fix: 'suggest',
    sinks: ['url'],
    messages: {
      host: '{source} decides which host `{call}` sends a request to.',
      path: '{source} becomes part of the path that `{call}` asks for: `..` and `/` in it lead to other ones.',
    },
  },

  check(model, report) {
    for (const reached of reaching(model, 'url', 'remote'))
      report(reached.span, 'host', { ...reached.options, fixes: onlyAllowedHosts(model, reached) });
    const confined = reaching(model, 'url', 'remote', ({ isConfined }) => isConfined);
    for (const { span, options } of confined)
      report(span, 'path', { ...options, severity: 'info', confidence: 'medium' });
  },
});
