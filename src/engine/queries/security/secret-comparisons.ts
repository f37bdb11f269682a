import { isSecretName } from '../../../common/secret-names.ts';
import { wordsOf } from '../../../common/words.ts';
import { bindingsOf, eachExpr, envOf } from '../../link/env.ts';
import { evaluate } from '../../link/evaluate.ts';
import { expressionsWhere } from '../../link/kept/per-file.ts';
import { perUnit } from '../../link/kept/per-unit.ts';
import { definition } from '../../link/literals.ts';
import type { Model } from '../../link/model.ts';
import { requestOrigin } from '../../link/request-value.ts';
import { alternatives, type Env, spanIn, type Value } from '../../link/values.ts';
import type { Expr, ExprOf, FunctionFact } from '../../model/facts.ts';
import type { Span } from '../../model/span.ts';

/** A secret compared with what a caller sent, in a way that takes longer the more of it is right. */
export interface SecretComparison {
  readonly what: string;
  /** A signature lets itself be tried again and again: the same bytes, another end. */
  readonly kind: 'signature' | 'secret';
  readonly compare: ExprOf<'bin'> | ExprOf<'call'>;
  readonly secret: Expr;
  readonly given: Expr;
  readonly span: Span;
  readonly env: Env;
}

const WORTH = new Set(
  'token secret signature sig hmac digest hash key apikey password passwd mac checksum expected computed'.split(' '),
);
/** Last words of names under which the expected value is kept. */
const EXPECTED = new Set('token secret apikey password signature hmac digest credential credentials'.split(' '));
const HOPS = 3;
const HMAC_DIGEST = /^node:crypto\.createHmac\(\)(?:#update\(\))*#digest\(\)/;

export const secretComparisons: (model: Model) => SecretComparison[] = perUnit((model, unit) => {
  const out: SecretComparison[] = [];
  for (const { fn, e } of comparisonsIn(unit.facts)) {
    const env = model.program.staticEnv(unit, fn);
    const [left, right] = pairOf(e)!;
    const found = judge(model, env, left, right) ?? judge(model, env, right, left);
    if (found) out.push({ ...found, compare: e as ExprOf<'bin'>, span: spanIn(env, e.p), env });
  }
  return out;
});

const comparisonsIn = expressionsWhere(['bin', 'call'], e => pairOf(e)?.some(isWorthALook) ?? false);

/** The two sides of `a === b`, of `a.equals(b)` and of `a.localeCompare(b)`. */
function pairOf(e: Expr): readonly [Expr, Expr] | undefined {
  if (e.k === 'bin' && /^[!=]==?$/.test(e.op)) return [e.l, e.r];
  if (e.k === 'call' && e.f.k === 'mem' && ['equals', 'localeCompare'].includes(e.f.n) && e.a.length === 1)
    return [e.f.o, e.a[0]!];
  return undefined;
}

function isWorthALook(e: Expr): boolean {
  switch (e.k) {
    case 'id':
    case 'mem':
      return wordsOf(e.n).some(word => WORTH.has(word));
    case 'as':
    case 'await':
      return isWorthALook(e.e);
    case 'idx':
      return e.i.k === 'str' && wordsOf(e.i.v).some(word => WORTH.has(word));
    case 'call':
      return e.f.k === 'mem' && (e.f.n === 'digest' || e.a.some(isWorthALook) || isWorthALook(e.f.o));
    case 'tpl':
      return e.parts.some(part => typeof part !== 'string' && isWorthALook(part));
    case 'bin':
      return e.op === '+' && (isWorthALook(e.l) || isWorthALook(e.r));
    default:
      return false;
  }
}

function judge(
  model: Model,
  env: Env,
  secret: Expr,
  given: Expr,
): Pick<SecretComparison, 'what' | 'kind' | 'secret' | 'given'> | undefined {
  const other = evaluate(model.program, env, given);
  if (isKnown(other) || isOwn(other) || given.k === 'un' || given.k === 'nil') return undefined;
  const value = evaluate(model.program, env, secret);
  if (isDigest(value)) return { what: 'A signature', kind: 'signature', secret, given };
  const variable = variableIn(value);
  if (variable !== undefined && isSent(model, env, given, other))
    return { what: `\`${variable}\``, kind: 'secret', secret, given };
  // What was there before is compared with what comes: whether something changes, not whether a guess is right.
  if (isEarlier(secret, given) || isEarlier(given, secret)) return undefined;
  const name = [secret, definition(model.program, { env, expr: secret }).expr].map(nameOf).find(isExpected);
  if (name === undefined || value.k === 'param' || isHeader(model, env, secret, value)) return undefined;
  if (requestOrigin(model.program, value)) return undefined;
  return isHeader(model, env, given, other) ? { what: `\`${name}\``, kind: 'secret', secret, given } : undefined;
}

/** `existing.secret !== next.secret` */
function isEarlier(one: Expr, other: Expr): boolean {
  const owner = one.k === 'mem' && other.k === 'mem' && one.n === other.n ? nameOf(one.o) : undefined;
  return EARLIER.has(wordsOf(owner ?? '')[0] ?? '');
}

const EARLIER = new Set(['existing', 'previous', 'prev', 'old', 'original', 'before']);

function isKnown(value: Value): boolean {
  return alternatives(value).every(one => one.k === 'const');
}

function isExpected(name: string | undefined): boolean {
  if (name === undefined) return false;
  return isSecretName(name) || EXPECTED.has(wordsOf(name).at(-1) ?? '');
}

/** Made by this program too: two secrets of one's own are no oracle, and comparing two digests is the cure. */
function isOwn(value: Value): boolean {
  return alternatives(value).some(one => one.k === 'env') || isDigest(value) || variableIn(value) !== undefined;
}

function isDigest(value: Value): boolean {
  if (value.k === 'template') return value.parts.some(part => typeof part !== 'string' && isDigest(part));
  return alternatives(value).some(one => one.k === 'api' && HMAC_DIGEST.test(one.path));
}

/** The environment variable with a secret that a value is, or is a text with. */
function variableIn(value: Value): string | undefined {
  if (value.k === 'template') {
    for (const part of value.parts) {
      const found = typeof part === 'string' ? undefined : variableIn(part);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  const found = alternatives(value).find(one => one.k === 'env');
  return found?.k === 'env' && holdsSecret(found.name) ? found.name : undefined;
}

function holdsSecret(name: string): boolean {
  return isSecretName(name) || /(?:^|_)(?:TOKEN|SECRET|PASSWORD|PASS|APIKEY|BEARER)(?:_\d+)?$/.test(name);
}

function nameOf(e: Expr): string | undefined {
  if (e.k === 'id' || e.k === 'mem') return e.n;
  if (e.k === 'idx') return e.i.k === 'str' ? e.i.v : undefined;
  return e.k === 'as' || e.k === 'await' ? nameOf(e.e) : undefined;
}

/** Something a caller chose: a part of a request, a parameter, or a header however it is reached. */
function isSent(model: Model, env: Env, e: Expr, value: Value): boolean {
  if (isHeader(model, env, e, value) || alternatives(value).some(one => one.k === 'param')) return true;
  if (alternatives(value).some(one => requestOrigin(model.program, one))) return true;
  return some(env, e, one => one.k === 'id' && one.s > 0 && isParam(env, one));
}

function isHeader({ program }: Model, env: Env, e: Expr, value: Value): boolean {
  if (
    alternatives(value).some(one => ['headers', 'query', 'cookies'].includes(requestOrigin(program, one)?.part ?? ''))
  )
    return true;
  return some(env, e, isHeaderRead);
}

/** `req.headers.x`, and `req.get('x-name')` where the request is not known as one. */
function isHeaderRead(e: Expr): boolean {
  if (e.k === 'mem') return /^headers?$/.test(e.n);
  if (e.k !== 'call' || e.f.k !== 'mem') return false;
  const [first] = e.a;
  return /^(?:get|header)$/.test(e.f.n) && first?.k === 'str' && /^(?:x-[\w-]+|authorization)$/i.test(first.v);
}

/** Whether something holds anywhere in an expression or in what its names were bound to. */
function some(env: Env, e: Expr, holds: (e: Expr) => boolean, hops = HOPS): boolean {
  let found = false;
  eachExpr(e, one => {
    found ||= holds(one);
    if (found || one.k !== 'id' || one.s <= 0 || hops === 0) return;
    const owner = envOf(env, one.s);
    for (const { from } of (owner && bindingsOf(owner.fn).get(one.n)?.sources) ?? [])
      if (from && !found) found = some(env, from, holds, hops - 1);
  });
  return found;
}

function isParam(env: Env, { n, s }: ExprOf<'id'>): boolean {
  let at: Env | undefined = env;
  while (at && at.fn.id !== s) at = at.parent;
  const owner: FunctionFact | undefined = at?.fn;
  return owner?.params.some(({ pat }) => pat.k === 'pid' && pat.n === n) ?? false;
}
