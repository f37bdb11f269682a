import { type Expr, type FileFacts, type FunctionFact, MODULE, type Stmt } from '../model/facts.ts';
import { eachExprIn, eachStmt } from './env.ts';
import { bodyMemo } from './kept/fact-memo.ts';
import type { Program } from './program.ts';
import { prune, sliceOf } from './pruned-bodies.ts';
import type { FuncValue } from './values.ts';

/** By the outcome of the tests in the order they are met, as a text. */
const slices = bodyMemo<Map<string, FunctionFact>>();
const askers = bodyMemo<boolean>();

/**
 * What a step that gets every request does for those to one path: `if (req.url.startsWith('/login')) return` decided.
 * Undefined if it does not ask, or cannot be decided for this path.
 */
export function forPath(program: Program, func: FuncValue, path: string): FuncValue | undefined {
  const { fn } = func;
  if (!asksForPath(fn)) return undefined;
  let outcome = '';
  const { facts } = func.env.unit;
  const body = prune(fn.body, e => {
    const holds = decide(facts, fn, e, path);
    outcome += holds === undefined ? '?' : holds ? '+' : '-';
    return holds;
  });
  if (body === fn.body) return undefined;
  const known = slices.get(fn) ?? new Map<string, FunctionFact>();
  slices.set(fn, known);
  const slice = known.get(outcome) ?? { ...fn, body };
  known.set(outcome, slice);
  return sliceOf(program, func, slice);
}

function asksForPath(fn: FunctionFact): boolean {
  let known = askers.get(fn);
  if (known === undefined) {
    let found = false;
    eachExprIn(fn, e => {
      found ||= isPathMember(e);
    });
    eachStmt(fn.body, stmt => {
      if (stmt.k === 'let' && stmt.pat.k === 'pobj')
        found ||= stmt.pat.props.some(({ key }) => typeof key === 'string' && NAMES.test(key));
    });
    known = found && fn.body.some(stmt => stmt.k === 'if');
    askers.set(fn, known);
  }
  return known;
}

/** Whether a condition on nothing but the request's path holds for a route, whatever its parameters are. */
function decide(facts: FileFacts, fn: FunctionFact, e: Expr, path: string): boolean | undefined {
  if (e.k === 'bin') {
    if (!isPath(fn, e.l) || e.r.k !== 'str') return undefined;
    const same = equals(path, e.r.v);
    if (e.op === '===' || e.op === '==') return same;
    return (e.op === '!==' || e.op === '!=') && same !== undefined ? !same : undefined;
  }
  if (e.k !== 'call' || e.f.k !== 'mem') return undefined;
  const { o: owner, n: name } = e.f;
  const [asked] = e.a;
  if (name === 'startsWith' && isPath(fn, owner) && asked?.k === 'str') return startsWith(path, asked.v);
  const list = name === 'includes' && asked && isPath(fn, asked) ? texts(facts, owner) : undefined;
  return list && any(list.map(one => equals(path, one)));
}

/** The start of a route's path that no parameter changes. */
function fixed(path: string): string {
  return /^[^:*{]*/.exec(path)![0];
}

function equals(path: string, text: string): boolean | undefined {
  const start = fixed(path);
  if (start === path) return trimmed(path) === trimmed(text);
  return text.startsWith(start) ? undefined : false;
}

function startsWith(path: string, text: string): boolean | undefined {
  const start = fixed(path);
  if (start.startsWith(text) || (start === path && `${path}/` === text)) return true;
  return start === path || !text.startsWith(start) ? false : undefined;
}

function trimmed(path: string): string {
  return path.replace(/(.)\/$/, '$1');
}

function any(answers: readonly (boolean | undefined)[]): boolean | undefined {
  return answers.includes(true) ? true : answers.includes(undefined) ? undefined : false;
}

/** A list of texts, written here or as a constant of the file. */
function texts({ functions }: FileFacts, e: Expr): readonly string[] | undefined {
  if (e.k === 'arr') {
    const list = e.e.map(one => (one.k === 'str' ? one.v : undefined));
    return list.includes(undefined) ? undefined : (list as string[]);
  }
  if (e.k !== 'id' || e.s !== MODULE) return undefined;
  const stated = functions[MODULE]?.body.find((stmt): stmt is Stmt & { k: 'let' } => isConstant(stmt, e.n));
  const value = stated?.v?.k === 'as' ? stated.v.e : stated?.v;
  return value?.k === 'arr' ? texts({ functions } as FileFacts, value) : undefined;
}

function isConstant(stmt: Stmt, name: string): boolean {
  return stmt.k === 'let' && stmt.kind === 'const' && stmt.pat.k === 'pid' && stmt.pat.n === name;
}

const NAMES = /^(?:url|originalUrl|path|pathname)$/;

/** `req.url`, `ctx.path`, `request.nextUrl.pathname`. */
function isPathMember(e: Expr): boolean {
  if (e.k !== 'mem' || !NAMES.test(e.n)) return false;
  const { o } = e;
  // `new URL(request.url).pathname`, and of a URL that was made before.
  if (e.n === 'pathname') return true;
  return o.k === 'id' ? REQUEST.test(o.n) : o.k === 'mem' && /^(?:req(?:uest)?|nextUrl|raw)$/.test(o.n);
}

const REQUEST = /^_?(?:req|request|ctx|c|context|event)$/;

/** The same, or a constant that it was put into: `const { pathname } = request.nextUrl`. */
function isPath(fn: FunctionFact, e: Expr): boolean {
  if (isPathMember(e)) return true;
  if (e.k !== 'id' || e.s !== fn.id) return false;
  let found = false;
  eachStmt(fn.body, stmt => {
    if (stmt.k !== 'let' || stmt.kind !== 'const' || !stmt.v) return;
    if (stmt.pat.k === 'pid') found ||= stmt.pat.n === e.n && isPathMember(stmt.v);
    else if (stmt.pat.k === 'pobj')
      for (const { key, v } of stmt.pat.props)
        found ||=
          v.k === 'pid' &&
          v.n === e.n &&
          typeof key === 'string' &&
          isPathMember({ k: 'mem', o: stmt.v, n: key, p: stmt.p, np: stmt.p });
  });
  return found;
}
