import { typeValue } from '../../link/declared.ts';
import type { Endpoint } from '../../link/endpoint.ts';
import { eachExprIn, eachStmt } from '../../link/env.ts';
import { perFunction } from '../../link/kept/per-file.ts';
import type { Model } from '../../link/model.ts';
import { staticEnvOf } from '../../link/signals.ts';
import { stringOf, type Value } from '../../link/values.ts';
import type { Expr } from '../../model/facts.ts';
import type { Evidence } from '../../model/finding.ts';
import { bodyReads } from '../input-reads.ts';

/** A route where somebody who is not signed in may guess a secret or make the service send mail. */
export interface CredentialRoute {
  readonly endpoint: Endpoint;
  /** What can be tried: a password, a one-time code, a reset. */
  readonly secret: 'password' | 'code' | 'reset';
  readonly evidence: readonly Evidence[];
}

const SIGN_IN = /(?:^|[/_-])(?:log-?in|sign-?in|authenticate|auth(?:\/local)?|sessions?|tokens?)$/i;
const CODE = /(?:^|[/_-])(?:otp|2fa|mfa|totp|pin|verify-?(?:code|otp|phone)|(?:code|otp|phone)\/verify)(?:$|[/_-])/i;
const RESET =
  /(?:forgot|reset|recover)(?:ten)?[-/_]?(?:password|passwd|pwd|pw)|password\/(?:forgot|reset|recover)|^\/?forgot$/i;
const PASSWORD_FIELD = /^(?:user_?)?(?:pass(?:word|wd|code|phrase)?|pwd|pin)$/i;
const CODE_FIELD = /^(?:otp|code|pin|totp|token|(?:verification|otp|auth)_?code)$/i;
const MAIL_FIELD = /^(?:(?:user_?)?e?-?mail(?:_?address)?|login|user_?name|identifier|phone(?:_?number)?)$/i;
/** Counting failed attempts, locking accounts and puzzles for humans slow guessing down without a limiter. */
const BRAKES =
  /attempt|lock(?:ed)?_?(?:out|until|at)|is_?locked|captcha|turnstile|throttl|rate_?limit|too_?many|backoff|fail(?:ed|ure)_?(?:login|count)/i;

/** Routes that take a secret, by what their handlers do: a password is compared, or a field of that name is read there. */
export function credentialRoutes({ program, endpoints, operations, reached }: Model): CredentialRoute[] {
  const compares = new Map<Endpoint, Evidence>();
  for (const { fn, span } of operations('password-compare'))
    for (const endpoint of reached.get(fn)?.endpoints ?? [])
      if (!compares.has(endpoint)) compares.set(endpoint, { span, message: 'a password is compared here' });
  const out: CredentialRoute[] = [];
  for (const endpoint of endpoints) {
    if (endpoint.method !== 'POST' || endpoint.partial !== undefined) continue;
    const { path, chain } = endpoint;
    const compared = compares.get(endpoint);
    const library = chain.some(
      ({ via, roles, value }) =>
        roles.includes('signs-in') || (via === 'on the route' && roles.includes('authenticates') && signsIn(value)),
    );
    // People who are signed in already confirm with a password what they do; few can guess there.
    if (endpoint.auth === 'yes' && !library) continue;
    const fields = compared ? [] : fieldsOf(program, endpoint);
    const reads = (pattern: RegExp): boolean => fields.some(name => pattern.test(name));
    const found = (secret: CredentialRoute['secret'], evidence: readonly Evidence[] = []): void => {
      out.push({ endpoint, secret, evidence });
    };
    if (compared) found('password', [compared]);
    else if (SIGN_IN.test(path) && (library || reads(PASSWORD_FIELD))) found('password');
    else if (CODE.test(path) && reads(CODE_FIELD)) found('code');
    else if (RESET.test(path) && (reads(MAIL_FIELD) || reads(CODE_FIELD))) found('reset');
  }
  const braked = brakedRoutes({ reached });
  return out.filter(({ endpoint }) => !braked.has(endpoint));
}

/** A ready-made step that is not told to look for what somebody got who signed in before. */
function signsIn(value: Value): boolean {
  if (value.k !== 'api') return false;
  return !(value.made?.args ?? []).some(arg =>
    (arg.k === 'array' ? arg.items : [arg]).some(one =>
      /^(?:bearer|jwt|session|cookie|api-?key)/i.test(stringOf(one) ?? ''),
    ),
  );
}

/** Names of the body's fields that a handler reads, or that the declared type of its body has. */
function fieldsOf(program: Model['program'], endpoint: Endpoint): readonly string[] {
  const own = bodyReads(program, endpoint)?.fields ?? [];
  const { handler } = endpoint;
  if (!handler) return own;
  const declared = handler.fn.params.flatMap(({ t, decorators }) => {
    if (!t || !decorators?.length) return [];
    const value = typeValue(program, staticEnvOf(program, handler), t);
    return value.k === 'instance' ? value.of.cls.members.map(({ n }) => n) : [];
  });
  return [...own, ...declared];
}

/** Endpoints whose way leads through code that counts attempts, locks accounts or asks for a proof of being human. */
function brakedRoutes({ reached }: Pick<Model, 'reached'>): ReadonlySet<Endpoint> {
  const out = new Set<Endpoint>();
  for (const { func, endpoints } of reached.values()) {
    if (endpoints.length > 0 && brakes(func.env.unit.facts, func.fn).length > 0)
      for (const endpoint of endpoints) out.add(endpoint);
  }
  return out;
}

/** Names in a function that tell of such a brake. */
const brakes = perFunction(fn => {
  const out: string[] = [];
  const look = (name: string): void => {
    if (BRAKES.test(name)) out.push(name);
  };
  look(fn.name);
  eachStmt(fn.body, stmt => {
    if (stmt.k === 'let' && stmt.pat.k === 'pobj')
      for (const { key } of stmt.pat.props) if (typeof key === 'string') look(key);
  });
  eachExprIn(fn, e => look(nameOf(e)));
  return out;
});

function nameOf(e: Expr): string {
  if (e.k === 'id' || e.k === 'mem') return e.n;
  if (e.k === 'obj') return e.props.map(prop => (prop.k === 'prop' ? prop.n : '')).join(' ');
  return '';
}
