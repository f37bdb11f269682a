import { urlSecrets } from '../../queries/security/url-secrets.ts';
import { defineRule } from '../rule.ts';

export const secretInUrl = defineRule({
  meta: {
    id: 'security/secret-in-url',
    theme: 'security',
    benefits: ['security'],
    severity: 'warning',
    confidence: 'high',
    cwe: [598, 522],
    owasp: ['A06:2025'],
    fix: 'guide',
    messages: {
      read: 'Callers are to put `{name}` into the address, where logs, histories and referrers keep it.',
      sent: '`{name}` is sent in the address, which logs, traces and error messages keep.',
    },
  },

  check(model, report) {
    // A file that speaks to one service puts its secret into every address alike.
    const groups = new Map<string, ReturnType<typeof urlSecrets>[number][]>();
    for (const one of urlSecrets(model)) {
      const key = `${one.span.file} ${one.problem} ${one.name}`;
      groups.set(key, [...(groups.get(key) ?? []), one]);
    }
    for (const [first, ...others] of groups.values())
      report(first!.span, first!.problem, {
        data: { name: first!.name },
        // How it is called is not for this program to choose.
        ...(first!.elsewhere ? { severity: 'info' as const } : {}),
        evidence: others.map(({ span }) => ({ span, message: 'and here' })),
        anchor: first!.name,
      });
  },
});
