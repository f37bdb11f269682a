import type { RouteMarks } from './router.ts';

const PUBLIC: readonly (readonly [RegExp, string])[] = [
  [
    /\/(?:_?health(?:z|check|[-_]check)?|livez?|liveness|ready|readyz|readiness|ping|status|heartbeat|up|version)$/i,
    'a health check',
  ],
  [
    /\/(?:log[-_]?in|log[-_]?out|sign[-_]?(?:in|up|out)|register|registration|authenticate|auth|session|sessions|tokens?|refresh(?:[-_]?token)?|forgot(?:ten)?(?:[-_]?(?:password|passwd|pass|pwd|pw))?|reset(?:[-_]?(?:password|passwd|pass|pwd|pw))?|(?:password|account)\/(?:forgot|reset|recover)|recover|verify(?:[-_]?email)?|confirm(?:[-_]?email)?|activate|invite\/accept|otp|magic[-_]?link|(?:log|sign)[-_]?in[-_]?link|csrf(?:[-_]?token)?)(?:\/:\w+)?$/i,
    'part of signing in',
  ],
  [/\/(?:oauth2?|oidc|sso|saml|(?:[a-z]+-)?auth)\/[\w:*-]+(?:\/[\w:*-]+)*$/i, 'part of signing in'],
  [/\/(?:callback|authorize)$/i, 'part of signing in'],
  [/\/\.well-known(?:\/|$)|\/jwks(?:\.json)?$|\/robots\.txt$|\/favicon\.ico$|\/sitemap/i, 'a well-known document'],
  [/\/(?:public|published(?:-\w+)?)(?:\/|$)/i, 'below a path that says public'],
  [/\/:\w*(?:token|secret|nonce|otp|signature)(?:\/|$)/i, 'its path holds a secret of the caller'],
  [/\/(?:unsubscribe|newsletter|waitlist)(?:\/|$)/i, 'for people without an account'],
  [/\/trpc\/[:*]\w+$/i, 'judged procedure by procedure'],
  [/\/metrics$/i, 'metrics'],
  [/\/(?:csp|content-security-policy)[-_]?(?:report|violation)s?$|\/beacon$/i, 'what browsers report by themselves'],
  [/\/(?:og|open-?graph|og-?image|opengraph-image|twitter-image)(?:\/|$)/i, 'a picture for those who link to a page'],
  [/\/(?:docs|swagger|api-docs|openapi|redoc|graphiql|playground)(?:[/.-]|$)/i, 'documentation'],
];

/** Why a route is open on purpose, by its own mark or by its nature; webhooks are judged by their signature instead. */
export function publicReason(path: string, method: string, marks: RouteMarks | undefined): string | undefined {
  if (marks?.isPublic) return marks.isPublic;
  if (method === 'OPTIONS' || method === 'HEAD') return 'an automatic method';
  if (path === '/') return 'the root page';
  for (const [pattern, reason] of PUBLIC) if (pattern.test(path)) return reason;
  return undefined;
}

const PUBLIC_FIELD: readonly (readonly [RegExp, string])[] = [
  [/^(?:_?health|healthCheck|ping|version|status|_service|_entities|_empty|_dummy|_)$/i, 'a field every schema has'],
  [
    /^(?:log|sign)_?(?:in|up|out|on)(?:$|_|[A-Z])|^(?:register|authenticate|isAuthenticated|isLoggedIn|(?:refresh|verify|revoke|create|request|validate)?_?(?:access|refresh|auth|id)?_?tokens?)$|^register_?(?:user|account|customer)|^(?:create|new)_?(?:session|account)$|(?:forgot|forgotten|reset|recover|lost)_?(?:my)?_?password|password_?(?:reset|recovery|forgot)|^(?:verify|confirm|activate|resend)_?(?:email|account|user|registration|otp|verification)|magic_?link|otp$|o_?auth|sso/i,
    'part of signing in',
  ],
  [/^public(?:$|_|[A-Z])/, 'its name says public'],
];

/** The same for a root field of a GraphQL schema. */
export function fieldReason(name: string, marks: RouteMarks | undefined): string | undefined {
  return marks?.isPublic ?? PUBLIC_FIELD.find(([pattern]) => pattern.test(name))?.[1];
}
