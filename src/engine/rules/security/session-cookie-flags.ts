import { setCookieOptions } from '../../fixes/cookie-options.ts';
import type { PropertyText } from '../../fixes/source-object.ts';
import { quoted } from '../../fixes/source-style.ts';
import { type CookieFlag, type LoginCookie, loginCookies } from '../../queries/cookies.ts';
import { defineRule, type FixDraft } from '../rule.ts';

export const sessionCookieFlags = defineRule({
  meta: {
    id: 'security/session-cookie-flags',
    theme: 'security',
    benefits: ['security'],
    severity: 'warning',
    confidence: 'high',
    cwe: [614, 1004, 1275],
    owasp: ['A02:2025'],
    fix: 'auto',
    messages: {
      named: 'Cookie `{name}` carries a login but is set without {flags}.',
      session: 'The session cookie is set without {flags}.',
      dropped: 'Cookie `{name}` has SameSite=None without Secure, so browsers drop it or send it in the clear.',
    },
  },

  check(model, report) {
    for (const cookie of loginCookies(model)) {
      const { operation, name, missing, dropped } = cookie;
      const key = dropped ? 'dropped' : name === undefined ? 'session' : 'named';
      report(operation.span, key, {
        data: { name: name ?? 'session', flags: listed(missing) },
        severity: dropped ? 'error' : 'warning',
        fixes: cookie.position < 0 ? [] : [fixOf(cookie)],
        anchor: name ?? 'session',
      });
    }
  },
});

function listed(flags: readonly CookieFlag[]): string {
  return flags.length < 2 ? flags.join('') : `${flags.slice(0, -1).join(', ')} and ${flags.at(-1)}`;
}

function fixOf({ operation, missing, position, below }: LoginCookie): FixDraft {
  return {
    title: `Set ${listed(missing)}`,
    kind: 'auto',
    change: ({ text }) =>
      setCookieOptions(operation, { position, below }, text, source => missing.map(flag => property(source, flag))),
  };
}

function property(text: string, flag: CookieFlag): PropertyText {
  if (flag === 'HttpOnly') return { name: 'httpOnly', value: 'true' };
  if (flag === 'SameSite') return { name: 'sameSite', value: quoted(text, 'lax') };
  return { name: 'secure', value: `process.env.NODE_ENV === ${quoted(text, 'production')}` };
}
