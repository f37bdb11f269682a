import type { Expr, Stmt } from '../model/facts.ts';
import { blocksOf } from './env.ts';
import { evaluate } from './evaluate.ts';
import type { Program } from './program.ts';
import { alternatives, type Env, type FuncValue, type Value } from './values.ts';

/** One way through a function that looks at the path of a request itself. */
export interface Branch {
  /** Upper case; ALL where nothing asks for the method. */
  readonly method: string;
  readonly path: string;
  /** The condition that names the path. */
  readonly at: Expr;
  /** The function with what comes before the branch, and the branch, as its body. */
  readonly func: FuncValue;
}

/** What a condition asks of a request. */
interface Asked {
  readonly method?: string | undefined;
  readonly path?: string | undefined;
  readonly at?: Expr | undefined;
}

interface Walk {
  readonly program: Program;
  readonly env: Env;
  readonly func: FuncValue;
  readonly out: Branch[];
}

/** Branches by `if` and `switch` over a request's path, in the order they stand. */
export function pathBranches(program: Program, func: FuncValue, env: Env): Branch[] {
  const walk: Walk = { program, env, func, out: [] };
  visit(walk, func.fn.body, {}, []);
  return walk.out;
}

/** Goes through a list of statements; `before` is what ran already. Gives what is known of requests that pass them. */
function visit(walk: Walk, body: readonly Stmt[], asked: Asked, before: readonly Stmt[]): Asked {
  let ran = before;
  let known = asked;
  for (const stmt of body) {
    if (stmt.k === 'if') {
      const ways = ask(walk, stmt.t);
      if (ways) {
        for (const way of ways) enter(walk, stmt.a, { ...known, ...way }, ran);
        if (stmt.b) visit(walk, stmt.b, known, ran);
        continue;
      }
      const only = otherMethods(walk, stmt);
      if (only !== undefined) {
        known = { ...known, method: only };
        continue;
      }
    }
    if (stmt.k === 'switch' && choose(walk, stmt, known, ran)) continue;
    if (stmt.k === 'try' || stmt.k === 'block') for (const block of blocksOf(stmt)) visit(walk, block, known, ran);
    ran = [...ran, stmt];
  }
  return known;
}

/** Notes a branch unless the branches inside of it say more. */
function enter(walk: Walk, body: readonly Stmt[], asked: Asked, before: readonly Stmt[]): void {
  const count = walk.out.length;
  const { method } = visit(walk, body, asked, before);
  if (walk.out.length > count || asked.path === undefined || !asked.at) return;
  const { func } = walk;
  const fn = { ...func.fn, body: [...before, ...body] };
  walk.out.push({ method: method ?? 'ALL', path: asked.path, at: asked.at, func: { ...func, fn } });
}

function choose(walk: Walk, stmt: Stmt & { k: 'switch' }, asked: Asked, before: readonly Stmt[]): boolean {
  const about = partOf(walk, stmt.e);
  const isBoth = about === undefined && bothParts(walk, stmt.e);
  if (about === undefined && !isBoth) return false;
  for (const [position, { t, body }] of stmt.cases.entries()) {
    const text = t && textOf(walk, t);
    if (!t || text === undefined) continue;
    // `case '/a': case '/b':` share what follows.
    const own = body.length > 0 ? body : (stmt.cases.slice(position).find(one => one.body.length > 0)?.body ?? []);
    const [, method, path] = isBoth ? (/^([A-Z]+)[ :]+(\/\S*)$/.exec(text) ?? []) : [];
    const way: Asked = isBoth
      ? { method, path, at: t }
      : about === 'path'
        ? { path: text, at: t }
        : { method: text.toUpperCase() };
    if (!isBoth || path !== undefined) enter(walk, own, { ...asked, ...way }, before);
  }
  return true;
}

/** `${req.method} ${path}`. */
function bothParts(walk: Walk, e: Expr): boolean {
  const parts = e.k === 'tpl' ? e.parts.filter(part => typeof part !== 'string') : [];
  return parts.length === 2 && partOf(walk, parts[0]!) === 'method' && partOf(walk, parts[1]!) === 'path';
}

/** The ways a condition can hold, if it asks for the path or the method; undefined if it asks for neither. */
function ask(walk: Walk, e: Expr): readonly Asked[] | undefined {
  if (e.k === 'log') {
    const l = ask(walk, e.l);
    const r = ask(walk, e.r);
    if (e.op === '||') return l && r ? [...l, ...r] : undefined;
    if (e.op !== '&&') return undefined;
    if (!l || !r) return l ?? r;
    return l.flatMap(a => r.map(b => ({ ...a, ...b })));
  }
  if (e.k === 'as') return ask(walk, e.e);
  if (e.k === 'bin' && (e.op === '===' || e.op === '==')) return asking(walk, e.l, e.r) ?? asking(walk, e.r, e.l);
  if (e.k !== 'call' || e.f.k !== 'mem') return undefined;
  const [first] = e.a;
  if (e.f.n === 'startsWith' && first && partOf(walk, e.f.o) === 'path') {
    const text = textOf(walk, first);
    return text === undefined ? undefined : [{ path: `${text.replace(/\/$/, '')}/*`, at: e }];
  }
  const [pattern, subject] = e.f.n === 'test' ? [e.f.o, first] : e.f.n === 'match' ? [first, e.f.o] : [];
  if (!pattern || !subject || partOf(walk, subject) !== 'path') return undefined;
  const value = evaluate(walk.program, walk.env, pattern);
  return value.k === 'regex' ? [{ path: pathOf(value.source), at: e }] : undefined;
}

function asking(walk: Walk, subject: Expr, wanted: Expr): readonly Asked[] | undefined {
  const about = partOf(walk, subject);
  const text = about && textOf(walk, wanted);
  if (text === undefined) return undefined;
  return [about === 'path' ? { path: text, at: wanted } : { method: text.toUpperCase() }];
}

/** `if (req.method !== 'POST') return …`: what follows is for that method. */
function otherMethods(walk: Walk, { t, a }: Stmt & { k: 'if' }): string | undefined {
  const ends = a.at(-1)?.k === 'ret' || a.at(-1)?.k === 'throw';
  if (!ends || t.k !== 'bin' || !t.op.startsWith('!=') || partOf(walk, t.l) !== 'method') return undefined;
  return textOf(walk, t.r)?.toUpperCase();
}

function textOf({ program, env }: Walk, e: Expr): string | undefined {
  const value = evaluate(program, env, e);
  return value.k === 'const' && typeof value.v === 'string' ? value.v : undefined;
}

/** Whether an expression is a request's path or its method. */
function partOf(walk: Walk, e: Expr): 'path' | 'method' | undefined {
  // `url.split('?')[0]`, `path.toLowerCase()`: the path still.
  if (e.k === 'idx' && e.o.k === 'call') return partOf(walk, e.o);
  if (e.k === 'call' && e.f.k === 'mem' && /^(?:split|replace|toLowerCase|toUpperCase|trim|slice)$/.test(e.f.n))
    return partOf(walk, e.f.o);
  if (e.k === 'as') return partOf(walk, e.e);
  for (const value of alternatives(evaluate(walk.program, walk.env, e))) {
    const part = partIn(value);
    if (part) return part;
  }
  return undefined;
}

const PATH =
  /(?:Request|IncomingMessage)#(?:url|path)$|^(?:node:url\.)?URL#pathname$|^node:url\.parse\(\)#path(?:name)?$|#nextUrl\.pathname$/;
const METHOD = /(?:Request|IncomingMessage)#method$/;

function partIn(value: Value): 'path' | 'method' | undefined {
  if (value.k !== 'api') return undefined;
  return PATH.test(value.path) ? 'path' : METHOD.test(value.path) ? 'method' : undefined;
}

/** `^\/users\/([^/]+)$` as `/users/:1`. */
function pathOf(source: string): string {
  let count = 0;
  const open = source.endsWith('$') ? '' : '*';
  const text = source
    .replace(/^\^|\$$/g, '')
    .replace(/\\\//g, '/')
    .replace(/\((?:\?<(\w+)>)?(?:[^()]|\[[^\]]*\])*\)/g, (_, name?: string) => `:${name ?? ++count}`);
  return /^[\w/:.-]*$/.test(text) ? `${text}${open && !text.endsWith('/') ? '/' : ''}${open}` : `(${source})`;
}
