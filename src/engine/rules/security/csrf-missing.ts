import { setCookieOptions } from '../../fixes/cookie-options.ts';
import { quoted } from '../../fixes/source-style.ts';
import type { Operation } from '../../link/operations.ts';
import { cookieOptions } from '../../queries/cookies.ts';
import { forgeableServices } from '../../queries/security/forged-requests.ts';
import { defineRule, type FixDraft } from '../rule.ts';

export const csrfMissing = defineRule({
  meta: {
    id: 'security/csrf-missing',
    theme: 'security',
    benefits: ['security'],
    severity: 'warning',
    confidence: 'medium',
    cwe: [352],
    owasp: ['A01:2025'],
    fix: 'suggest',
    messages: {
      none: 'This login cookie is sent from every site and nothing checks who sent a request: a form anywhere can call {routes}.',
      unset:
        'This login cookie has no SameSite and nothing checks who sent a request: only browsers’ defaults keep a form elsewhere from {routes}.',
    },
  },

  check(model, report) {
    for (const { setup, sameSite, routes } of forgeableServices(model)) {
      const [first, ...others] = routes;
      const name = `${first!.method} ${first!.path}`;
      report(setup.span, sameSite, {
        data: {
          routes: others.length ? `${name} and ${others.length} other route${others.length > 1 ? 's' : ''}` : name,
        },
        // Browsers treat a cookie without the attribute as Lax, all but for its first two minutes.
        severity: sameSite === 'none' ? 'error' : 'info',
        evidence: routes
          .slice(0, 10)
          .map(({ span, method, path }) => ({ span, message: `${method} ${path} goes by the cookie` })),
        fixes: [setLax(setup)],
        anchor: 'login cookie',
      });
    }
  },
});

function setLax(setup: Operation): FixDraft {
  return {
    title: 'Set SameSite to Lax',
    kind: 'suggest',
    change: ({ text }) =>
      setCookieOptions(setup, cookieOptions(setup), text, source => [
        { name: 'sameSite', value: quoted(source, 'lax') },
      ]),
  };
}
