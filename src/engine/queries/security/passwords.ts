import { wordsOf } from '../../../common/words.ts';
import { eachChild, eachExprIn } from '../../link/env.ts';
import { evaluate } from '../../link/evaluate.ts';
import { perFunction } from '../../link/kept/per-file.ts';
import type { Model } from '../../link/model.ts';
import type { Operation } from '../../link/operations.ts';
import { staticEnvOf } from '../../link/signals.ts';
import { numberOf, spanIn, stringOf } from '../../link/values.ts';
import type { Expr, ExprOf } from '../../model/facts.ts';
import type { Span } from '../../model/span.ts';
import { destinationsOf } from './value-uses.ts';

const PASSWORD = new Set(['password', 'passwd', 'pwd', 'passphrase']);
const NOT_PASSWORD = new Set(
  'token tokens api key keys otp fingerprint checksum etag hash hashed digest salt reset id'.split(' '),
);

/** What makes keys of passwords, too. */
const DERIVES_KEYS = new Set(['pbkdf2', 'scrypt']);

/** A hash of a password that is fast, or too cheap to hold off guessing. */
export interface WeakHash {
  readonly operation: Operation;
  readonly problem: 'fast' | 'cost';
  readonly algorithm: string;
  readonly given?: string;
  readonly wanted?: string;
}

export function weakHashes(model: Model): WeakHash[] {
  const fast = model.operations('hash').flatMap(operation => {
    const input = operation.args['input'];
    if (!input || !namesPassword(input.expr) || asksForLeaks(operation) || isHashedAgain(model, operation)) return [];
    const algorithm = `${operation.is['hmac'] ? 'HMAC ' : ''}${operation.is['algorithm'] ?? 'a fast hash'}`;
    return [{ operation, problem: 'fast' as const, algorithm }];
  });
  // What becomes the key of a cipher is a setting of the service, and nobody finds it in a table of hashes.
  const ciphers = new Set(model.operations('cipher').map(({ file }) => file));
  const stored = model
    .operations('password-hash')
    .filter(({ file, is }) => !ciphers.has(file) || !DERIVES_KEYS.has(String(is['algorithm'])));
  return [...fast, ...stored.flatMap(cheap)];
}

/** What makes a password short enough for bcrypt is no hash to store: a slow one, or a worker that is told to, gets it. */
function isHashedAgain(model: Model, { file, fn, site }: Operation): boolean {
  const slow = model
    .operationsIn(file)
    .flatMap(({ kind, site: { call } }) => (kind === 'password-hash' || kind === 'password-compare' ? [call] : []));
  return destinationsOf(site.env.unit, fn, site.call).some(({ call }) => {
    if (!call) return false;
    const name = call.f.k === 'mem' || call.f.k === 'id' ? call.f.n : '';
    const [first] = call.a;
    return slow.includes(call) || SLOW.test(name) || (first?.k === 'str' && TASK.test(first.v));
  });
}

const SLOW = /bcrypt|scrypt|argon|pbkdf/i;
/** The task of a worker: `pool.exec('hash', [digest, rounds])`. */
const TASK = /^(?:hash|compare|verify)(?:_?password)?$/i;

/** Minimums of the OWASP password storage cheat sheet; bcrypt's default is 10. */
function cheap(operation: Operation): WeakHash[] {
  const { args, is } = operation;
  const algorithm = String(is['algorithm']);
  const cost = numberOf(args['cost']?.value);
  const weak = (wanted: number, unit: string): WeakHash[] =>
    cost !== undefined && cost < wanted
      ? [{ operation, problem: 'cost', algorithm, given: `${cost}`, wanted: `${wanted} ${unit}` }]
      : [];
  switch (algorithm) {
    case 'bcrypt':
      return isOfSomebody(operation) ? weak(10, 'rounds') : [];
    case 'argon2':
      return weak(19456, 'KiB of memory');
    case 'scrypt':
      return namesPassword(args['input']?.expr) ? weak(16384, 'as N') : [];
    case 'pbkdf2': {
      const digest = String(is['digest'] ?? stringOf(args['digest']?.value) ?? '').toLowerCase();
      if (!namesPassword(args['input']?.expr) || digest === '') return [];
      return weak(digest === 'sha512' ? 210_000 : 600_000, 'iterations');
    }
    default:
      return [];
  }
}

/** Whether anything at a hash speaks of people or of what they sign in with: bcrypt also tells feed entries apart. */
function isOfSomebody({ args, fn, file }: Operation): boolean {
  const input = args['input']?.expr;
  if (!input) return true;
  const names = [fn.name, ...file.split('/')];
  const see = (e: Expr): void => {
    if (e.k === 'id' || e.k === 'mem') names.push(e.n);
    eachChild(e, see);
  };
  see(input);
  // Nobody guesses a key that a machine made: what its hash costs holds nobody off.
  if (isApiKey(input)) return false;
  return names.flatMap(wordsOf).some(word => PASSWORD.has(word) || SOMEBODY.test(word));
}

function isApiKey(e: Expr): boolean {
  return (e.k === 'id' || e.k === 'mem') && /^api_?key$/i.test(e.n);
}

const SOMEBODY =
  /^(?:pass|pw|plain|pin|code|otp|secret|token|cred|auth|login|sign|regist|seed|user|account|member|admin|customer|employee|client|profile|person|owner)/;

/** `user.password === body.password`: what is stored is the password itself. */
export function plainComparisons(model: Model): { readonly span: Span; readonly name: string }[] {
  const out: { span: Span; name: string }[] = [];
  for (const [fn, { func }] of model.reached) {
    if (!model.isJudged(func.file)) continue;
    const env = staticEnvOf(model.program, func);
    const isInput = (e: Expr): boolean => {
      const value = evaluate(model.program, env, e);
      return value.k === 'api' && partOfBody(model, value.path);
    };
    for (const e of comparisons(func.env.unit.facts, fn)) {
      const [stored, given] = isInput(e.r) ? [e.l, e.r] : [e.r, e.l];
      if (stored.k !== 'mem' || stored.o.k === 'this' || !isPasswordName(stored.n)) continue;
      if (!isInput(given) || isInput(stored) || (stored.o.k === 'mem' && stored.o.n === 'env')) continue;
      out.push({ span: spanIn(env, e.p), name: stored.n });
    }
  }
  return out;
}

/** Two passwords, by their names. */
const comparisons = perFunction(fn => {
  const out: ExprOf<'bin'>[] = [];
  eachExprIn(fn, e => {
    if (e.k === 'bin' && EQUALITY.test(e.op) && namesPassword(e.l) && namesPassword(e.r)) out.push(e);
  });
  return out;
});

const EQUALITY = /^[!=]==?$/;

function partOfBody(model: Model, path: string): boolean {
  for (let at = path.length; at > 0; at = Math.max(path.lastIndexOf('.', at - 1), path.lastIndexOf('#', at - 1))) {
    const part = model.program.adapters.request(path.slice(0, at));
    if (part) return part === 'body' || part === 'arguments';
  }
  return false;
}

/** Whether an expression is made of something that is called a password; hashes and keys do not count. */
function namesPassword(e: Expr | undefined): boolean {
  if (!e) return false;
  if (e.k === 'id' || e.k === 'mem') return isPasswordName(e.n);
  if (e.k === 'call')
    return e.f.k === 'mem' && ['toString', 'trim', 'normalize'].includes(e.f.n) && namesPassword(e.f.o);
  let found = false;
  if (e.k === 'tpl' || e.k === 'bin' || e.k === 'as' || e.k === 'log')
    eachChild(e, child => (found ||= namesPassword(child)));
  return found;
}

function isPasswordName(name: string): boolean {
  const words = wordsOf(name);
  return words.some(word => PASSWORD.has(word)) && !words.some(word => NOT_PASSWORD.has(word));
}

/** Looking a password up among leaked ones sends the start of a SHA-1, as the service asks. */
function asksForLeaks({ fn }: Operation): boolean {
  let found = false;
  eachExprIn(fn, e => {
    if (e.k === 'str') found ||= /pwned/i.test(e.v);
    // The first five digits are all that leaves the program.
    if (e.k === 'call' && e.f.k === 'mem' && /^(?:slice|substring|substr)$/.test(e.f.n))
      found ||= e.a[0]?.k === 'num' && e.a[0].v === 0 && e.a[1]?.k === 'num' && e.a[1].v === 5;
    if (e.k === 'tpl') for (const part of e.parts) if (typeof part === 'string') found ||= /pwned/i.test(part);
  });
  return found;
}
