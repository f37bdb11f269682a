import { wordsOf } from '../../common/words.ts';
import type { Place } from '../link/literals.ts';
import type { Model } from '../link/model.ts';
import type { Operation } from '../link/operations.ts';
import { alternatives, stringOf, type Value } from '../link/values.ts';

export type CookieFlag = 'HttpOnly' | 'Secure' | 'SameSite';

/** A cookie that carries a login, and the flags it lacks. */
export interface LoginCookie {
  readonly operation: Operation;
  /** Undefined: the cookie of a session library. */
  readonly name: string | undefined;
  readonly missing: readonly CookieFlag[];
  /** `SameSite=None` without `Secure`: browsers drop it, or it travels in the clear. */
  readonly dropped: boolean;
  /** Position of the options among the arguments (-1: there are none to add to), and the key below them that holds the cookie's own. */
  readonly position: number;
  readonly below: string | undefined;
}

const LOGIN = new Set(
  'token tokens session sessionid sess jwt auth refresh sid bearer credential credentials login'.split(' '),
);
const OTHER = new Set(
  'csrf xsrf theme locale lang language consent verifier nonce state redirect return hint error errors is has'.split(
    ' ',
  ),
);

interface Defaults {
  readonly below?: string;
  readonly set: readonly CookieFlag[];
}

/** What session libraries do when nothing is said; from their own code (express-session 1.19, koa-session 7). */
const SESSIONS: Readonly<Record<string, Defaults>> = {
  'express-session': { below: 'cookie', set: ['HttpOnly'] },
  'cookie-session': { set: ['HttpOnly'] },
  'koa-session': { set: ['HttpOnly'] },
  '@fastify/session': { below: 'cookie', set: ['HttpOnly', 'Secure'] },
  '@fastify/secure-session': { below: 'cookie', set: [] },
};

/** Cookies that carry a login and lack a flag; what cannot be seen counts as set. */
export function loginCookies(model: Model): LoginCookie[] {
  const sessions = model.operations('session-setup').map(operation => {
    const known = SESSIONS[String(operation.is['library'])];
    return known && judge(operation, undefined, known, Number(operation.is['position'] ?? 0));
  });
  const own = model.operations('cookie-set').map(operation => {
    const name = stringOf(operation.args['name']?.value);
    if (!isLogin(name, operation) || isDeleted(operation)) return undefined;
    // Koa's cookies are HttpOnly, and Secure wherever the request was.
    const set: readonly CookieFlag[] = operation.callee.startsWith('koa.') ? ['HttpOnly', 'Secure'] : [];
    return judge(operation, name, { set }, Number(operation.is['position'] ?? 2));
  });
  return [...sessions, ...own, ...model.operations('header-set').map(ofHeader)].filter(
    one => one !== undefined && one.missing.length > 0,
  ) as LoginCookie[];
}

/** `Set-Cookie` written by hand, where the whole text is known up to the value. */
function ofHeader(operation: Operation): LoginCookie | undefined {
  const { args } = operation;
  if (stringOf(args['name']?.value)?.toLowerCase() !== 'set-cookie') return undefined;
  const value = args['value']?.value;
  const texts = value?.k === 'array' ? value.items : value ? [value] : [];
  for (const text of texts) {
    const parts = text.k === 'template' ? text.parts : [stringOf(text)];
    const [head] = parts;
    const name = typeof head === 'string' ? /^([\w-]+)=/.exec(head)?.[1] : undefined;
    // What is put in behind the value may hold the flags.
    const known = parts.length === 1 || (parts.length === 2 && head === `${name}=`) || typeof parts.at(-1) === 'string';
    if (name === undefined || !wordsOf(name).some(saysLogin) || !known) continue;
    const rest = parts.filter(part => typeof part === 'string').join(' ');
    if (/max-age=0|expires=thu, 01 jan 1970/i.test(rest) || rest.trim() === `${name}=;`) continue;
    const missing = (['HttpOnly', 'Secure', 'SameSite'] as const).filter(
      flag => !new RegExp(`;\\s*${flag}\\b`, 'i').test(rest),
    );
    if (missing.length > 0) return { operation, name, missing, dropped: false, position: -1, below: undefined };
  }
  return undefined;
}

/** Operations that set a cookie by which people stay signed in, whatever its flags. */
export function loginCookieSetups({ operations }: Model): readonly Operation[] {
  const own = operations('cookie-set').filter(
    operation => isLogin(stringOf(operation.args['name']?.value), operation) && !isDeleted(operation),
  );
  return [...operations('session-setup'), ...own];
}

/** Whether other sites may send a login cookie along; undefined where it cannot be seen. */
export function sameSiteOf(operation: Operation): 'unset' | 'none' | 'set' | undefined {
  const below = SESSIONS[String(operation.is['library'])]?.below;
  const arg = operation.args['options'];
  let value: Value = arg ? arg.value : { k: 'const', v: undefined };
  if (below && value.k === 'object') {
    const inner = value.props.get(below);
    if (!inner && value.open) return undefined;
    value = inner ?? { k: 'const', v: undefined };
  }
  if (value.k === 'const' && value.v === undefined) return 'unset';
  if (value.k !== 'object') return undefined;
  const given = value.props.get('sameSite');
  if (!given) return value.open ? undefined : 'unset';
  if (given.k !== 'const') return undefined;
  if (typeof given.v === 'string') return given.v.toLowerCase() === 'none' ? 'none' : 'set';
  return given.v === true ? 'set' : 'unset';
}

/** Position of a login cookie's options among the arguments, and the key below them that holds the cookie's own. */
export function cookieOptions({ is, kind }: Operation): { position: number; below: string | undefined } {
  const position = Number(is['position'] ?? (kind === 'cookie-set' ? 2 : 0));
  return { position, below: SESSIONS[String(is['library'])]?.below };
}

function judge(
  operation: Operation,
  name: string | undefined,
  { below, set }: Defaults,
  position: number,
): LoginCookie | undefined {
  const arg = operation.args['options'];
  if (operation.site.call.a.some(one => one.k === 'spread')) return undefined;
  let value: Value = arg ? arg.value : { k: 'const', v: undefined };
  if (below && value.k === 'object') {
    const inner = value.props.get(below);
    if (!inner && value.open) return undefined;
    value = inner ?? { k: 'const', v: undefined };
  }
  const options = alternatives(value);
  // One way that cannot be seen is enough to stay silent.
  if (options.some(one => one.k !== 'object' && !(one.k === 'const' && one.v === undefined))) return undefined;
  const lacks = (key: string, flag: CookieFlag): boolean =>
    options.every(one => {
      if (one.k !== 'object') return !set.includes(flag);
      const given = one.props.get(key);
      if (!given) return !one.open && !set.includes(flag);
      return given.k === 'const' && (given.v === false || given.v === undefined);
    });
  const missing: CookieFlag[] = [];
  if (lacks('httpOnly', 'HttpOnly')) missing.push('HttpOnly');
  if (lacks('secure', 'Secure')) missing.push('Secure');
  if (lacks('sameSite', 'SameSite')) missing.push('SameSite');
  const dropped =
    missing.includes('Secure') &&
    options.some(one => one.k === 'object' && stringOf(one.props.get('sameSite'))?.toLowerCase() === 'none');
  return { operation, name, missing, dropped, position, below };
}

function isLogin(name: string | undefined, { args }: Operation): boolean {
  const words =
    name === undefined ? nameWords(args['value']?.expr) : [...wordsOf(name), ...nameWords(args['name']?.expr)];
  return words.some(saysLogin) && !words.some(word => OTHER.has(word));
}

/** `authkey`, `sessionid`: names written in one word. */
function saysLogin(word: string): boolean {
  return LOGIN.has(word) || /^(?:auth|session|access|refresh|login)(?:key|token|id|cookie)$/.test(word);
}

function nameWords(e: Place['expr'] | undefined): readonly string[] {
  return e?.k === 'id' || e?.k === 'mem' ? wordsOf(e.n) : [];
}

/** An empty value or an end in the past takes the cookie away. */
function isDeleted({ args }: Operation): boolean {
  const value = args['value']?.value;
  if (value?.k === 'const' && (value.v === '' || value.v == null)) return true;
  const options = args['options']?.value;
  if (options?.k !== 'object') return false;
  const age = options.props.get('maxAge');
  if (age?.k === 'const' && typeof age.v === 'number' && age.v <= 0) return true;
  const expires = args['options']!.expr;
  return expires.k === 'obj' && expires.props.some(one => one.k === 'prop' && one.n === 'expires' && isEpoch(one.v));
}

function isEpoch(e: Place['expr']): boolean {
  return e.k === 'call' && e.a.length > 0 && e.a[0]!.k === 'num' && e.a[0]!.v <= 1;
}
