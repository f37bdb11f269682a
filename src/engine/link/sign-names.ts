/** Names that HTTP and its libraries give to credentials and refusals. A name alone proves nothing: it only says where to look. */

/** Headers and cookies that carry a credential. */
export function isCredentialName(name: string): boolean {
  return CREDENTIAL.test(name) && !NO_CREDENTIAL.test(name);
}

const CREDENTIAL =
  /(?:^|[-_])(?:authori[sz]ation|auth|tokens?|jwt|api-?key|key|secret|sid|session(?:-?id)?|credentials?|user|login|password)(?:$|[-_])|token$|session$|^x-amz-|forwarded-user$|(?:auth|access|session|api)[-_]?(?:id|key|token)$/i;
const NO_CREDENTIAL = /csrf|xsrf|idempoten|signature|user-agent/i;

/** Headers that hold a signature of what was sent. */
export const SIGNATURE_NAME = /signature|hmac|^x-hub-/i;
/** Headers and cookies by which a request shows that a page of one's own sent it. */
export const FORGERY = /^(?:origin|referer|sec-fetch-site|x-requested-with)$|csrf|xsrf/i;

/** Properties of a session that say who is calling. */
export const SESSION_IDENTITY =
  /user|account|auth|logged|login|^u?id$|admin|passport|member|profile|token|email|customer|principal|identity/i;

/** Errors that become 401 or 403. */
export const UNAUTHORISED =
  /Unauthori[sz]ed|Forbidden|Unauthenticated|AccessDenied|NotAuthenticated|NotAllowed|AuthenticationError|AuthenticationRequired|AuthorizationError|AuthError|InvalidToken|InvalidCredentials|PermissionDenied|TokenExpired/i;

export const PERMISSION =
  /^(?:roles?|roleId|permissions?|is_?(?:super)?_?admin|scopes?|abilit(?:y|ies)|privileges?|accessLevel|userRole)$/i;

/** Functions that ask whether a caller may do something. */
export const PERMISSION_CALL = /^(?:can|cannot|authorize|enforce|checkPermissions?|hasPermissions?|hasRole|isAllowed)$/;

/** The same of what a project puts onto the request itself: `req.checkRbac(permission)`. */
export const PERMISSION_OF_REQUEST =
  /rbac|permi(?:t|ssion)|roles?(?:$|[A-Z])|access|allowed|authori[sz]|scopes?|privilege/i;

/** Codes and messages of errors that become 429. */
export const TOO_MANY_TEXT = /^(?:too[ _-]?many[ _-]?requests|rate[ _-]?limit)/i;

export const TOO_MANY = /TooMany|RateLimit|Throttl/i;

/** Methods that check a value against a schema, whoever made the schema. */
export const VALIDATING =
  /^(?:parse|safeParse|parseAsync|safeParseAsync|validate|validateAsync|validateSync|validateOrReject|assert|check|Check|Decode|attempt)$/;

/**
 * Whether a call of a library checks a value against a schema: its API path and how many arguments it gets. A package's
 * own `parse` needs the schema as well; with a text alone it reads the text, like `xpath.parse(text)`.
 */
export function asksSchema(name: string, path: string, args: number): boolean {
  if (!VALIDATING.test(name) || /^(?:JSON|Date|URL|querystring|qs|node:)/.test(path)) return false;
  return args > 1 || !/^[^.(#]+\.parse\w*$/.test(path);
}

export const UNAUTHORISED_TEXT =
  /^(?:unauthori[sz]ed|forbidden|unauthenticated|access denied|not authenticated|not authori[sz]ed)\b/i;

/** Where people are sent to sign in. */
export const LOGIN_PATH = /login|log-in|signin|sign-in|\/auth\b|unauthori[sz]ed/i;
