import { isPasswordName, isSensitiveName } from '../../../common/sensitive-names.ts';
import { wordsOf } from '../../../common/words.ts';
import { callsIn, callsWhere } from '../../link/call-index.ts';
import { dependsOnStage } from '../../link/conditions.ts';
import { evaluate } from '../../link/evaluate.ts';
import { perFile } from '../../link/kept/per-file.ts';
import { judgedUnits } from '../../link/kept/per-unit.ts';
import { definition } from '../../link/literals.ts';
import type { Model } from '../../link/model.ts';
import { requestPart } from '../../link/request-value.ts';
import { type Env, spanIn } from '../../link/values.ts';
import { writtenOptions } from '../../link/written-options.ts';
import type { Expr, ExprOf, FileFacts } from '../../model/facts.ts';
import type { Span } from '../../model/span.ts';

/** A secret that is handed on as it is. */
export interface ClearSecret {
  /** As it is to be read: `user.password`, or what holds it. */
  readonly name: string;
  readonly span: Span;
  /** It stands in an object, where a logger may leave it out. */
  readonly nested: boolean;
}

const DEPTH = 5;
/** Calls that only bring a value into the form of a text. */
const FORMS = /^(?:stringify|inspect|String|format|toString|valueOf|trim|concat|join|btoa)$/;
const SIGN_IN =
  /(?:^|[/_-])(?:login|signin|sign-in|signup|sign-up|register|password|passwd|token|auth|session)s?(?:$|[/_-])/i;

interface LogCall {
  readonly call: ExprOf<'call'>;
  readonly env: Env;
  readonly structured: boolean;
}

/** Log calls that are given a password, a key or a token, one finding for each call. */
export function loggedSecrets(model: Model): ClearSecret[] {
  const redacting = new Map<string, boolean>();
  return logCalls(model).flatMap(({ call, env, structured }) => {
    const found =
      first(call.a, arg => find(model, env, arg, false, 0)) ?? first(call.a, arg => whole(model, env, arg, false));
    if (!found || dependsOnStage(env.unit, env.fn, call.p[0])) return [];
    return found.nested && structured && redacts(model, env.unit.path, redacting) ? [] : [found];
  });
}

const NOT_THERE = /\b(?:not found|no such|does not exist|unknown|missing)\b/i;
const LEVELS = new Set(['log', 'trace', 'debug', 'info', 'warn', 'error', 'fatal']);
const LOGGER = /^_?(?:log|logger)$/i;

const loggerCalls = callsWhere(({ call: { f } }) => {
  if (f.k !== 'mem' || !LEVELS.has(f.n)) return false;
  return (f.o.k === 'id' || f.o.k === 'mem') && LOGGER.test(f.o.n);
});

/** Calls of loggers that are known, and of what is called one and comes from somewhere that cannot be seen. */
function logCalls(model: Model): LogCall[] {
  const known = model.operations('log');
  const calls = new Set(known.map(({ site }) => site.call));
  const out = known.map(({ site, is }) => ({ call: site.call, env: site.env, structured: is['structured'] === true }));
  for (const unit of judgedUnits(model)) {
    for (const { fn, used } of loggerCalls(unit.facts))
      if (!calls.has(used.call))
        out.push({ call: used.call, env: model.program.staticEnv(unit, fn), structured: true });
  }
  return out.filter(({ call, env }) => !env.unit.facts.directives.includes('use client') && !isShown(call, env));
}

/** What a command prints is for whoever typed it. */
function isShown({ f }: ExprOf<'call'>, { unit, fn }: Env): boolean {
  if (f.k !== 'mem' || f.o.k !== 'id' || f.o.n !== 'console') return false;
  return /(?:^|\/)(?:cli|commands?)\//.test(unit.path) || callsIn(fn).some(({ call }) => endsProgram(call));
}

/** `process.exit(0)`: all is done. */
function endsProgram({ f, a: [code] }: ExprOf<'call'>): boolean {
  return f.k === 'mem' && f.n === 'exit' && f.o.k === 'id' && f.o.n === 'process' && code?.k === 'num' && code.v === 0;
}

/** Cookies whose value is a password. */
export function passwordCookies(model: Model): ClearSecret[] {
  return model.operations('cookie-set').flatMap(operation => {
    const value = operation.args['value'];
    const found = value && find(model, value.env, value.expr, false, 0, isPasswordName);
    if (found) return [found];
    const name = operation.args['name']?.value;
    const isNamed = name?.k === 'const' && typeof name.v === 'string' && isPasswordName(name.v);
    const given = value && definition(model.program, { env: value.env, expr: value.expr }).expr;
    // What a function made of it is not the password any more.
    return isNamed && value && given?.k === 'mem' ? [{ name: `\`${name.v}\``, span: value.span, nested: false }] : [];
  });
}

/** A secret in a value that is kept somewhere. */
export function secretIn(model: Model, env: Env, e: Expr): ClearSecret | undefined {
  return find(model, env, e, false, 0);
}

type Found = ClearSecret;

function find(
  model: Model,
  env: Env,
  e: Expr,
  nested: boolean,
  depth: number,
  isSecret = isSensitiveName,
): Found | undefined {
  if (depth > DEPTH) return undefined;
  const next = (child: Expr, inside = nested): Found | undefined =>
    find(model, env, child, inside, depth + 1, isSecret);
  const hit = (name: string): Found => ({ name: `\`${name}\``, span: spanIn(env, e.p), nested });
  switch (e.k) {
    case 'id':
    case 'mem': {
      if (isSecret(e.n)) return isOrdinary(model, env, e) ? undefined : hit(textOf(e));
      if (e.k === 'mem') return undefined;
      const { expr, env: there } = definition(model.program, { env, expr: e });
      if (expr.k === 'obj' && there === env) return find(model, env, expr, true, depth + 1, isSecret) && hit(e.n);
      return expr !== e && (expr.k === 'id' || expr.k === 'mem') && isSecret(expr.n) ? hit(e.n) : undefined;
    }
    case 'idx':
      return e.i.k === 'str' && isSecret(e.i.v) ? hit(e.i.v) : undefined;
    case 'tpl':
      // `Secret "${key}" not found`: what nobody found is told by its name.
      if (e.parts.some(part => typeof part === 'string' && NOT_THERE.test(part))) return undefined;
      return first(e.parts, part => (typeof part === 'string' ? undefined : next(part)));
    case 'bin':
      return e.op === '+' ? (next(e.l) ?? next(e.r)) : undefined;
    case 'log':
      return next(e.r) ?? (e.op === '&&' ? undefined : next(e.l));
    case 'cond':
      return next(e.a) ?? next(e.b);
    case 'as':
    case 'await':
    case 'spread':
      return next(e.e);
    case 'arr':
      return first(e.e, one => next(one));
    case 'obj':
      return first(e.props, prop => {
        if (prop.k !== 'prop') return undefined;
        if (isSecret(prop.n) && isPlain(prop.v))
          return { name: `\`${prop.n}\``, span: spanIn(env, prop.np), nested: true };
        return isSecret(prop.n) ? undefined : next(prop.v, true);
      });
    case 'call':
      return ofCall(e, next, hit, isSecret);
    default:
      return undefined;
  }
}

function ofCall(
  e: ExprOf<'call'>,
  next: (e: Expr) => Found | undefined,
  hit: (name: string) => Found,
  isSecret: (name: string) => boolean,
): Found | undefined {
  const name = e.f.k === 'mem' || e.f.k === 'id' ? e.f.n : '';
  if (name === 'replace' && e.f.k === 'mem' && !covers(e.a[0])) return next(e.f.o);
  if (FORMS.test(name)) return first(e.a, next) ?? (e.f.k === 'mem' ? next(e.f.o) : undefined);
  const words = wordsOf(name);
  return words[0] === 'get' && words.length > 1 && isSecret(words.slice(1).join('_')) ? hit(`${name}()`) : undefined;
}

/** A pattern that leaves nothing: any character, or letters and digits. */
function covers(pattern: Expr | undefined): boolean {
  return pattern?.k !== 'regex' || /(?<!\\)\.|\\[wWsSdD]|\[/.test(pattern.v);
}

/** A value that is handed on, not one that was worked out, written down or covered. */
function isPlain(e: Expr): boolean {
  if (e.k === 'as' || e.k === 'await') return isPlain(e.e);
  if (e.k === 'log') return isPlain(e.l) || isPlain(e.r);
  return (e.k === 'id' || e.k === 'mem' || e.k === 'idx') && !isCover(e);
}

function isCover(e: ExprOf<'id' | 'mem' | 'idx'>): boolean {
  const name = e.k === 'idx' ? '' : e.n;
  return (
    /^(?:undefined|REDACTED|MASK(?:ED)?|HIDDEN)$/i.test(name) ||
    wordsOf(name).some(word => /^(?:redact|mask|hid)/.test(word))
  );
}

/** A constant of the source: a label, a dummy. A name in capitals names a key, not its value. */
function isOrdinary({ program }: Model, env: Env, e: Expr): boolean {
  const { expr } = definition(program, { env, expr: e });
  if (['str', 'num', 'bool', 'nil', 'fn', 'obj', 'regex', 'cond'].includes(expr.k)) return true;
  if (expr.k === 'call') {
    return calledNames(expr).some(name => /hash|crypt|mask|redact|digest|hide|length|random/i.test(name));
  }
  const value = evaluate(program, env, e);
  return value.k === 'const' || value.k === 'object' || value.k === 'func' || value.k === 'class';
}

/** `randomBytes(16).toString('hex')`: all that is called on the way to a value. */
function calledNames({ f }: ExprOf<'call'>): string[] {
  if (f.k === 'id') return [f.n];
  return f.k === 'mem' ? [f.n, ...(f.o.k === 'call' ? calledNames(f.o) : [])] : [];
}

/** All headers, all variables of the environment, or the body of a sign-in. */
function whole(model: Model, env: Env, e: Expr, nested: boolean): Found | undefined {
  if (e.k === 'obj')
    return first(e.props, prop => (prop.k === 'prop' && !nested ? whole(model, env, prop.v, true) : undefined));
  if (e.k === 'call')
    return (e.f.k === 'mem' || e.f.k === 'id') && FORMS.test(e.f.n)
      ? first(e.a, arg => whole(model, env, arg, nested))
      : undefined;
  if (e.k !== 'mem' || !/^(?:headers|body|env)$/.test(e.n)) return undefined;
  const value = evaluate(model.program, env, e);
  const kind = requestPart(model.program, value);
  const signsIn =
    kind === 'body' && model.reached.get(env.fn)?.endpoints.some(({ path }) => SIGN_IN.test(path)) === true;
  const isEnv = value.k === 'api' && value.path === 'process.env';
  return kind === 'headers' || isEnv || signsIn
    ? { name: `\`${textOf(e)}\``, span: spanIn(env, e.p), nested: true }
    : undefined;
}

/** Whether the package tells a logger which paths to leave out. */
function redacts({ project, program }: Model, file: string, known: Map<string, boolean>): boolean {
  const folder = project.packageOf(file)?.folder ?? '';
  let found = known.get(folder);
  if (found === undefined) {
    found = false;
    for (const { path, facts } of program.units.values())
      if (!found && (project.packageOf(path)?.folder ?? '') === folder) found = leavesOut(facts);
    known.set(folder, found);
  }
  return found;
}

const leavesOut = perFile(
  (facts: FileFacts): boolean => writtenOptions(facts).has('redact') || writtenOptions(facts).has('serializers'),
);

function first<T>(items: readonly T[], read: (item: T) => Found | undefined): Found | undefined {
  for (const item of items) {
    const found = read(item);
    if (found) return found;
  }
  return undefined;
}

function textOf(e: Expr): string {
  if (e.k === 'mem') return `${textOf(e.o)}.${e.n}`;
  return e.k === 'id' ? e.n : e.k === 'this' ? 'this' : e.k === 'as' ? textOf(e.e) : '…';
}
