import { ignoreCase, provideAsGuard, shareScope } from '../../fixes/guard-scope.ts';
import { type ScopeGap, scopeGaps } from '../../queries/security/scope-gaps.ts';
import { defineRule } from '../rule.ts';

export const guardScopeGap = defineRule({
  meta: {
    id: 'security/guard-scope-gap',
    theme: 'security',
    benefits: ['security'],
    severity: 'error',
    confidence: 'high',
    cwe: [863, 424, 178],
    owasp: ['A01:2025', 'API5:2023'],
    fix: 'auto',
    messages: {
      scope: 'This hook guards nothing: its plugin is a scope of its own without a route, so {routes} without it.',
      pattern: 'This guard’s pattern {pattern} minds case and the routes do not: {example} passes it by.',
      unbound: '{name} is provided but nothing binds it, so it guards nothing: {routes} without it.',
    },
  },

  check(model, report) {
    for (const gap of scopeGaps(model)) {
      report(gap.span, gap.kind, {
        data: {
          routes: named(gap),
          pattern: gap.kind === 'pattern' ? gap.pattern : '',
          example: gap.open[0]!.path.toUpperCase(),
          name: gap.kind === 'unbound' ? gap.name : '',
        },
        evidence: gap.open.slice(0, 10).map(({ span, method, path }) => ({ span, message: `${method} ${path}` })),
        fixes: [
          gap.kind === 'scope'
            ? shareScope(gap.register)
            : gap.kind === 'pattern'
              ? ignoreCase(gap.span)
              : provideAsGuard(gap.span),
        ],
        anchor: gap.kind,
      });
    }
  },
});

function named({ open: [first, ...others] }: ScopeGap): string {
  const name = `${first!.method} ${first!.path}`;
  if (others.length === 0) return `${name} goes`;
  return `${name} and ${others.length} other${others.length === 1 ? '' : 's'} go`;
}
