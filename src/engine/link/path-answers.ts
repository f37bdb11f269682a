import type { Expr, ExprOf, FunctionFact, Stmt } from '../model/facts.ts';
import { itemsOf } from './collections.ts';
import { eachStmt } from './env.ts';
import { evaluate } from './evaluate.ts';
import { isMethod } from './method-slices.ts';
import type { Program } from './program.ts';
import { decided } from './pruned-bodies.ts';
import { hasPathName, isPathMember } from './request-path.ts';
import { comparesPath, startsPath } from './route-paths.ts';
import { staticEnvOf } from './signals.ts';
import { type Env, type FuncValue, stringOf } from './values.ts';

/** A function that is read for requests to one route. */
export interface Reading {
  readonly program: Program;
  readonly env: Env;
  readonly fn: FunctionFact;
  /** Upper case; ALL if nothing is known of it. */
  readonly method: string;
  readonly path: string;
  /** Declarations that a condition was decided by. */
  readonly used: Set<Stmt>;
  /** Parameters that were given the request's path, and the one of a callback that stands for an item of a list. */
  readonly paths: ReadonlySet<string>;
  readonly item?: { readonly n: string; readonly v: string };
  readonly depth: number;
}

/** What a function says about a request: yes, no, or an object that holds such answers. */
type Answer = boolean | ReadonlyMap<string, boolean>;

/** Helpers that are looked into: the hook asks one, which asks another. */
const DEPTH = 2;

/** Whether a condition on nothing but the request's path and method holds, however many helpers it asks. */
export function holdsAt(reading: Reading, e: Expr): boolean | undefined {
  const known = asked(reading, e);
  if (known !== undefined) return known;
  const answer = e.k === 'bin' || e.k === 'log' || e.k === 'un' ? undefined : answerOf(reading, e);
  return typeof answer === 'boolean' ? answer : undefined;
}

function asked(reading: Reading, e: Expr): boolean | undefined {
  if (e.k === 'bin') return compared(reading, e);
  if (e.k !== 'call' || e.f.k !== 'mem') return undefined;
  const { o: owner, n: name } = e.f;
  const [arg] = e.a;
  if (!arg) return undefined;
  if (name === 'startsWith' && isPath(reading, owner)) {
    const text = textOf(reading, arg);
    return text === undefined ? undefined : startsPath(reading.path, text);
  }
  if (name === 'includes' || name === 'has') {
    const list = isPath(reading, arg) || isMethod(arg) ? listOf(reading, owner) : undefined;
    return (
      list && any(list.map(text => (isMethod(arg) ? isOfMethod(reading, text) : comparesPath(reading.path, text))))
    );
  }
  return name === 'some' && arg.k === 'fn' ? someItem(reading, owner, arg) : undefined;
}

function compared(reading: Reading, { op, l, r }: ExprOf<'bin'>): boolean | undefined {
  const isSame = op === '===' || op === '==';
  if (!isSame && op !== '!==' && op !== '!=') return undefined;
  const [subject, other] = isPath(reading, r) || isMethod(r) ? [r, l] : [l, r];
  const text = textOf(reading, other);
  if (text === undefined) return undefined;
  const same = isPath(reading, subject)
    ? comparesPath(reading.path, text)
    : isMethod(subject)
      ? isOfMethod(reading, text)
      : // Requests that ask for another protocol do not reach the handler of a route.
        text === 'websocket' && mentionsUpgrade(subject)
        ? false
        : undefined;
  return same === undefined || isSame ? same : !same;
}

function isOfMethod({ method }: Reading, text: string): boolean | undefined {
  return method === 'ALL' ? undefined : text.toUpperCase() === method;
}

function mentionsUpgrade(e: Expr): boolean {
  if (e.k === 'call') return mentionsUpgrade(e.f);
  if (e.k === 'idx') return e.i.k === 'str' && e.i.v === 'upgrade';
  return e.k === 'mem' && (e.n === 'upgrade' || mentionsUpgrade(e.o));
}

/** `OPEN.some(prefix => req.path.startsWith(prefix))`. */
function someItem(reading: Reading, owner: Expr, { f }: ExprOf<'fn'>): boolean | undefined {
  const fn = reading.env.unit.facts.functions[f];
  const [param, ...others] = fn?.params ?? [];
  const last = fn?.body.at(-1);
  if (!fn || param?.pat.k !== 'pid' || others.length > 0 || fn.body.length !== 1 || last?.k !== 'ret' || !last.e)
    return undefined;
  const { n } = param.pat;
  const { e } = last;
  const list = listOf(reading, owner);
  return list && any(list.map(v => decided(e, one => asked({ ...reading, item: { n, v } }, one))));
}

function any(answers: readonly (boolean | undefined)[]): boolean | undefined {
  return answers.includes(true) ? true : answers.includes(undefined) ? undefined : false;
}

function textOf({ program, env, item }: Reading, e: Expr): string | undefined {
  if (e.k === 'str') return e.v;
  if (e.k === 'id' && e.n === item?.n) return item.v;
  return e.k === 'id' || e.k === 'mem' || e.k === 'tpl' ? stringOf(evaluate(program, env, e)) : undefined;
}

/** A list or set of texts, wherever it is written. */
function listOf({ program, env }: Reading, e: Expr): readonly string[] | undefined {
  const list = itemsOf(evaluate(program, env, e));
  const items = list?.open ? undefined : list?.items;
  const texts = items?.map(stringOf);
  return texts?.includes(undefined) ? undefined : (texts as string[] | undefined);
}

/** `req.path`, or a name that was given it. */
function isPath(reading: Reading, e: Expr): boolean {
  if (isPathMember(e)) return true;
  if (e.k === 'call' && e.f.k === 'mem' && e.f.n === 'toLowerCase') return isPath(reading, e.f.o);
  if (e.k !== 'id') return false;
  const { fn, paths } = reading;
  if (e.s !== fn.id) return false;
  return paths.has(e.n) || hasPathName(fn, e.n);
}

function answerOf(reading: Reading, e: Expr | undefined): Answer | undefined {
  switch (e?.k) {
    case 'bool':
      return e.v;
    case 'await':
    case 'as':
      return answerOf(reading, e.e);
    case 'obj':
      return new Map(
        e.props.flatMap(prop => (prop.k === 'prop' && prop.v.k === 'bool' ? [[prop.n, prop.v.v] as const] : [])),
      );
    case 'mem': {
      const owner = e.o.k === 'id' || e.o.k === 'call' ? answerOf(reading, e.o) : undefined;
      return typeof owner === 'object' ? owner.get(e.n) : undefined;
    }
    case 'id':
      return declaredAnswer(reading, e);
    case 'call':
      return asked(reading, e) ?? helperAnswer(reading, e);
    case 'log':
    case 'un':
    case 'bin':
      return decided(e, one => holdsAt(reading, one));
    default:
      return undefined;
  }
}

/** What a constant of the function was declared as: `const { isOpen } = lookUp(req)`. */
function declaredAnswer(reading: Reading, { n, s }: ExprOf<'id'>): Answer | undefined {
  const { fn, used } = reading;
  if (s !== fn.id) return undefined;
  let answer: Answer | undefined;
  eachStmt(fn.body, stmt => {
    if (stmt.k !== 'let' || stmt.kind !== 'const' || !stmt.v || stmt.v.k === 'id') return;
    if (stmt.pat.k === 'pid' && stmt.pat.n === n) answer = answerOf(reading, stmt.v);
    else if (stmt.pat.k === 'pobj') {
      const prop = stmt.pat.props.find(({ v }) => v.k === 'pid' && v.n === n);
      const owner = prop && answerOf(reading, stmt.v);
      if (typeof owner === 'object' && typeof prop?.key === 'string') answer = owner.get(prop.key);
    } else return;
    if (answer !== undefined) used.add(stmt);
  });
  return answer;
}

function helperAnswer(reading: Reading, call: ExprOf<'call'>): Answer | undefined {
  const { program, env, depth } = reading;
  if (call.new || depth >= DEPTH || (call.f.k !== 'id' && call.f.k !== 'mem')) return undefined;
  const callee = evaluate(program, env, call.f);
  return callee.k === 'func' ? answerOfHelper(reading, callee, call) : undefined;
}

function answerOfHelper(reading: Reading, callee: FuncValue, call: ExprOf<'call'>): Answer | undefined {
  const { program } = reading;
  const { fn } = callee;
  program.cells.read(fn);
  const paths = fn.params.flatMap(({ pat }, at) => {
    const arg = call.a[at];
    return pat.k === 'pid' && arg && isPath(reading, arg) ? [pat.n] : [];
  });
  const inner = {
    ...reading,
    env: staticEnvOf(program, callee),
    fn,
    used: new Set<Stmt>(),
    paths: new Set(paths),
    depth: reading.depth + 1,
  };
  const end = endOf(inner, fn.body);
  return end === 'open' ? undefined : end?.answer;
}

/** Where a list of statements ends for certain: with an answer, nowhere (undefined), or it cannot be told. */
function endOf(reading: Reading, body: readonly Stmt[]): { readonly answer: Answer | undefined } | 'open' | undefined {
  for (const stmt of body) {
    if (stmt.k === 'ret') return { answer: answerOf(reading, stmt.e) };
    if (stmt.k === 'if') {
      const holds = decided(stmt.t, one => holdsAt(reading, one));
      const taken = holds === undefined ? [] : ((holds ? stmt.a : stmt.b) ?? []);
      const end = holds === undefined && leavesSomewhere([stmt]) ? 'open' : endOf(reading, taken);
      if (end) return end;
    } else if (stmt.k === 'block') {
      const end = endOf(reading, stmt.body);
      if (end) return end;
    } else if (leavesSomewhere([stmt]) || (stmt.k === 'expr' && stmt.e.k === 'await')) return 'open';
  }
  return undefined;
}

function leavesSomewhere(body: readonly Stmt[]): boolean {
  let found = false;
  eachStmt(body, stmt => {
    found ||= stmt.k === 'ret' || stmt.k === 'throw';
  });
  return found;
}
