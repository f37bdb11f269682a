import type { Expr, ExprOf, FunctionFact, Stmt } from '../model/facts.ts';
import { isPutOnRequest } from './caller-tests.ts';
import { blocksOf, createEnv, eachExpr, eachStmt, exprsOf } from './env.ts';
import { evaluate } from './evaluate.ts';
import { type GoingOn, goesOn, nextParam } from './going-on.ts';
import type { Program } from './program.ts';
import { answeredStatus, isCaught, refusal } from './refusals.ts';
import { isIdentity } from './request-value.ts';
import { isLogLine } from './swallowed.ts';
import { type Env, type FuncValue, numberOf } from './values.ts';

/** How requests get past a function. */
export interface Ways {
  /** Some way answers the request and lets it go on all the same. */
  readonly passesAfterReject: boolean;
  /** Some way lets a request on that showed no credential. */
  readonly passesAnonymous: boolean;
  /** A failed verification is caught and the request goes on. */
  readonly swallows: boolean;
}

/** What is known on one way through a body. */
interface State {
  readonly answered: boolean;
  readonly anonymous: boolean;
  /** A test showed that the caller has a credential. */
  readonly shown: boolean;
}

const START: State = { answered: false, anonymous: false, shown: false };

interface Walk {
  readonly program: Program;
  /** The function that lets the request go on; undefined where returning does. */
  readonly next: GoingOn | undefined;
  readonly isGuard: boolean;
  passesAfterReject: boolean;
  passesAnonymous: boolean;
  swallows: boolean;
}

/** Follows the ways through a function and the callbacks in it; `wrapped` is the function that a wrapper runs. */
export function followPaths(program: Program, func: FuncValue, env: Env, wrapped?: ExprOf<'id'>): Ways {
  const next = wrapped ? { n: wrapped.n, s: wrapped.s, takesError: false } : nextParam(func.fn);
  const walk: Walk = {
    program,
    next,
    isGuard: func.fn.name === 'canActivate',
    passesAfterReject: false,
    passesAnonymous: false,
    swallows: false,
  };
  const end = follow(walk, env, func.fn.body, [START]);
  if (!next) passes(walk, open(end));
  followNested(walk, func.fn, env, 0);
  return walk;
}

/** Callbacks may call `next` too: `verify(token, key, (error, user) => …)`. */
function followNested(walk: Walk, fn: FunctionFact, env: Env, depth: number): void {
  if (!walk.next || depth > 3) return;
  for (const inner of env.unit.facts.functions) {
    if (inner.parent !== fn.id) continue;
    const own = createEnv(env.unit, inner, env, true);
    walk.program.cells.read(inner);
    follow(walk, own, inner.body, [START]);
    followNested(walk, inner, own, depth + 1);
  }
}

function open(states: readonly State[]): readonly State[] {
  return states.filter(one => !one.answered);
}

function passes(walk: Walk, states: readonly State[]): void {
  for (const { answered, anonymous } of states) {
    if (answered) walk.passesAfterReject = true;
    else if (anonymous) walk.passesAnonymous = true;
  }
}

/** The states that reach the end of a statement list. */
function follow(walk: Walk, env: Env, body: readonly Stmt[], start: readonly State[]): readonly State[] {
  let at = start;
  for (const stmt of body) {
    if (at.length === 0) break;
    for (const e of exprsOf(stmt)) at = throughExpr(walk, env, e, at);
    switch (stmt.k) {
      case 'ret':
        if (!walk.next && !denies(walk, stmt.e) && !isErrorReturn(walk.program, env, stmt.e)) passes(walk, open(at));
        return [];
      case 'throw':
      case 'jump':
        return [];
      case 'if':
        at = throughIf(walk, env, stmt, at);
        break;
      case 'try': {
        const inner = follow(walk, env, stmt.body, at);
        const verified = stmt.handler && verifies(walk, env, stmt.body);
        const caught = at.map(one => ({ ...one, anonymous: one.anonymous || (verified === true && !one.shown) }));
        const handled = stmt.handler ? follow(walk, env, stmt.handler, caught) : [];
        if (verified && handled.some(one => !one.answered && !one.shown)) walk.swallows = true;
        at = distinct([...inner, ...handled]);
        if (stmt.fin) at = follow(walk, env, stmt.fin, at);
        break;
      }
      default:
        for (const block of blocksOf(stmt)) at = distinct([...at, ...follow(walk, env, block, at)]);
    }
  }
  return at;
}

function isErrorReturn(program: Program, env: Env, e: Expr | undefined): boolean {
  return isError(e) || isErrorStatus(program, env, e) || returnsError(program, env, e) || delegates(program, env, e);
}

function isErrorStatus(program: Program, env: Env, e: Expr | undefined): boolean {
  const status = answeredStatus(program, env, e);
  return status?.k === 'const' && typeof status.v === 'number' && status.v >= 300;
}

function denies(walk: Walk, e: Expr | undefined): boolean {
  return walk.isGuard && e !== undefined && !(e.k === 'bool' && e.v);
}

/** An answer that says what went wrong, or what a function makes of a caught error. */
function returnsError(program: Program, env: Env, e: Expr | undefined): boolean {
  if (e?.k === 'await' || e?.k === 'as') return returnsError(program, env, e.e);
  if (e?.k !== 'call') return false;
  return isErrorAnswer(program, env, e) || e.a.some(arg => tellsOfCaught(env, arg));
}

/** `{ message: error.message }` too. */
function tellsOfCaught(env: Env, e: Expr): boolean {
  let found = false;
  eachExpr(e, one => {
    found ||= isCaught(env, one);
  });
  return found;
}

/** A status that is worked out is one of what went wrong: what goes well needs none. */
function hasErrorStatus(program: Program, env: Env, e: Expr): boolean {
  const value = e.k === 'obj' ? evaluate(program, env, e) : undefined;
  const stated = value?.k === 'object' ? value.props.get('status') : undefined;
  const status = numberOf(stated);
  return status === undefined ? stated !== undefined && stated.k !== 'const' : status >= 400;
}

function throughIf(walk: Walk, env: Env, stmt: Stmt & { k: 'if' }, open: readonly State[]): readonly State[] {
  const about = credentialTest(walk, env, stmt.t);
  const shown = (states: readonly State[]): readonly State[] =>
    states.map(one => ({ ...one, anonymous: false, shown: true }));
  // Who has shown one credential need not show a second.
  const absent = (states: readonly State[]): readonly State[] =>
    states.map(one => (one.shown ? one : { ...one, anonymous: true }));
  // Passing under another condition (a path, a route's option) is an exemption, not a guard that lets everybody in.
  const exempt = open.map(one => ({ ...one, anonymous: false }));
  const yes = about === 'absent' ? absent(open) : about === 'present' ? shown(open) : exempt;
  const a = follow(walk, env, stmt.a, yes);
  const stops = a.every(one => one.answered) && rulesOut(walk, env, stmt.t);
  const others = stops ? open.map(one => ({ ...one, shown: true })) : open;
  const no = about === 'absent' ? shown(open) : about === 'present' ? absent(open) : others;
  const b = stmt.b ? follow(walk, env, stmt.b, no) : no;
  return distinct([...a, ...b]);
}

function distinct(states: readonly State[]): readonly State[] {
  const keys = new Map(states.map(one => [`${one.answered}${one.anonymous}${one.shown}`, one]));
  return [...keys.values()];
}

/** Calls in an expression: going on, answering, proving who calls. */
function throughExpr(walk: Walk, env: Env, e: Expr, open: readonly State[]): readonly State[] {
  let states = open;
  eachExpr(e, one => {
    if (one.k !== 'call') return;
    const { next } = walk;
    if (next && goesOn(next, one.f)) {
      if (!next.takesError || one.a.length === 0 || one.a[0]!.k === 'nil') passes(walk, states);
      else states = states.map(state => ({ ...state, answered: true }));
    } else if (handsOnError(walk.program, env, one)) {
      states = states.map(state => ({ ...state, answered: true }));
    } else if (neverReturns(walk.program, env, one)) {
      states = [];
    } else if (answers(walk.program, env, one)) {
      // A handler that answers a caller without credential is open; an error is no such answer.
      if (!next && !walk.isGuard && !isErrorAnswer(walk.program, env, one))
        passes(
          walk,
          states.filter(one => !one.answered),
        );
      states = states.map(state => ({ ...state, answered: true }));
    } else if (isProof(walk.program, env, one)) states = states.map(state => ({ ...state, anonymous: false }));
  });
  return states;
}

/** `respondWith(error, res)` in a catch: what went wrong is the answer. */
function handsOnError(program: Program, env: Env, call: Expr & { k: 'call' }): boolean {
  return (
    call.a.some(arg => isCaught(env, arg)) &&
    call.a.some(arg => {
      const value = evaluate(program, env, arg);
      return value.k === 'api' && value.inst && /Response$|Reply$/.test(value.path);
    })
  );
}

const DELEGATES = 3;

/** `return answerSignedIn()`: a function that turns callers away itself, or ends in one, decides who passes. */
function delegates(program: Program, env: Env, e: Expr | undefined, depth = 0): boolean {
  const call = e?.k === 'await' ? e.e : e;
  const callee = call?.k === 'call' ? evaluate(program, env, call.f) : undefined;
  if (callee?.k !== 'func' || depth > DELEGATES) return false;
  const own = program.staticEnv(callee.env.unit, callee.fn);
  program.cells.read(callee.fn);
  let found = false;
  eachStmt(callee.fn.body, stmt => {
    if (refusal(program, own, stmt) === 'denied') found = true;
    for (const one of exprsOf(stmt)) eachExpr(one, each => (found ||= refusal(program, own, each) === 'denied'));
  });
  const last = callee.fn.body.at(-1);
  return found || (last?.k === 'ret' && delegates(program, own, last.e, depth + 1));
}

/** `ctx.throw(401)`, or a function of the project that ends in a throw. */
function neverReturns(program: Program, env: Env, call: Expr & { k: 'call' }): boolean {
  const callee = evaluate(program, env, call.f);
  if (callee.k === 'func') program.cells.read(callee.fn);
  if (callee.k === 'func') return callee.fn.body.at(-1)?.k === 'throw';
  if (callee.k === 'api' && program.adapters.throws(program.adapters.canonical(callee.path))) return true;
  return call.f.k === 'mem' && call.f.n === 'throw';
}

function answers(program: Program, env: Env, call: Expr & { k: 'call' }): boolean {
  if (refusal(program, env, call) === 'denied') return true;
  const callee = evaluate(program, env, call.f);
  const response = callee.k === 'api' ? program.adapters.response(program.adapters.canonical(callee.path)) : undefined;
  return ENDING.has(response ?? '');
}

/** `res.status(400).json(…)`, a refusal, a redirect. */
function isErrorAnswer(program: Program, env: Env, call: Expr & { k: 'call' }): boolean {
  for (let at: Expr = call; at.k === 'call'; at = at.f.k === 'mem' ? at.f.o : at.f) {
    if (refusal(program, env, at) || at.a.some(arg => hasErrorStatus(program, env, arg))) return true;
    const [first] = at.a;
    const status =
      first && at.f.k === 'mem' && /^(?:status|code|sendStatus)$/.test(at.f.n)
        ? evaluate(program, env, first)
        : undefined;
    if (status?.k === 'const' && typeof status.v === 'number' && status.v >= 300) return true;
    if (sendsElsewhere(at)) return true;
  }
  return false;
}

const ENDING = new Set(['redirect', 'send', 'json', 'end', 'render', 'file']);

function isProof(program: Program, env: Env, call: Expr & { k: 'call' }): boolean {
  return isIdentity(program, evaluate(program, env, call));
}

function verifies(walk: Pick<Walk, 'program'>, env: Env, body: readonly Stmt[]): boolean {
  return body.some(
    stmt =>
      exprsOf(stmt).some(e => {
        let found = false;
        eachExpr(e, one => {
          if (one.k === 'call' && isProof(walk.program, env, one)) found = true;
        });
        return found;
      }) || blocksOf(stmt).some(block => verifies(walk, env, block)),
  );
}

/** `try { return verify(token); } catch { return undefined; }`: what does not hold is no error for whoever calls it. */
export function swallowsProof(program: Program, env: Env, { body }: FunctionFact): boolean {
  let found = false;
  eachStmt(body, stmt => {
    if (stmt.k === 'try' && stmt.handler && isQuiet(stmt.handler) && verifies({ program }, env, stmt.body))
      found = true;
  });
  return found;
}

/** Does nothing but write to the log, and perhaps return. */
function isQuiet(handler: readonly Stmt[]): boolean {
  return handler.every(stmt => {
    if (stmt.k === 'ret') return !stmt.e || stmt.e.k === 'nil' || stmt.e.k === 'bool' || stmt.e.k === 'obj';
    return isLogLine(stmt);
  });
}

/** `if (!user) throw …`: whatever the error says, nobody passes without a credential. */
export function stopsAnonymous(program: Program, env: Env, stmt: Stmt): boolean {
  if (stmt.k !== 'if') return false;
  const last = stmt.a.at(-1);
  const ends = last?.k === 'throw' || (last?.k === 'ret' && (isError(last.e) || sendsElsewhere(last.e)));
  return ends && credentialTest({ program }, env, stmt.t) === 'absent';
}

/** `return redirect('/')`: wherever that is, it is not here. */
function sendsElsewhere(e: Expr | undefined): boolean {
  if (e?.k === 'await' || e?.k === 'as') return sendsElsewhere(e.e);
  return e?.k === 'call' && ((e.f.k === 'mem' && e.f.n === 'redirect') || (e.f.k === 'id' && e.f.n === 'redirect'));
}

/** `return new UserError('…')`: a resolver's way to answer with an error. */
function isError(e: Expr | undefined): boolean {
  return e?.k === 'call' && e.new === true && (e.f.k === 'id' || e.f.k === 'mem') && /Error$/.test(e.f.n);
}

const LISTED = /^(?:has|includes|some|every|startsWith|endsWith)$/;

/** What a condition says about the caller's credential, if it asks for it. */
function credentialTest(walk: Pick<Walk, 'program'>, env: Env, e: Expr): 'absent' | 'present' | undefined {
  switch (e.k) {
    case 'un':
      return e.op === '!' ? flip(credentialTest(walk, env, e.e)) : undefined;
    case 'log': {
      const l = credentialTest(walk, env, e.l);
      const r = credentialTest(walk, env, e.r);
      if (e.op === '&&')
        return l === 'present' || r === 'present' ? 'present' : l === 'absent' && r === 'absent' ? l : undefined;
      if (e.op === '||')
        return l === 'absent' || r === 'absent' ? 'absent' : l === 'present' && r === 'present' ? l : undefined;
      return undefined;
    }
    case 'bin': {
      const isNothing = e.r.k === 'nil' || (e.r.k === 'str' && e.r.v === '') || (e.r.k === 'bool' && !e.r.v);
      if (!isNothing) return undefined;
      const inner = credentialTest(walk, env, e.l);
      return e.op === '===' || e.op === '==' ? flip(inner) : e.op === '!==' || e.op === '!=' ? inner : undefined;
    }
    case 'as':
    case 'await':
      return credentialTest(walk, env, e.e);
    case 'call':
      // Whether somebody is on a list says nothing about somebody being there.
      if (e.f.k === 'mem' && LISTED.test(e.f.n)) return undefined;
      return isIdentity(walk.program, evaluate(walk.program, env, e)) ? 'present' : undefined;
    default:
      return isIdentity(walk.program, evaluate(walk.program, env, e)) || isPutOnRequest(walk.program, env, e)
        ? 'present'
        : undefined;
  }
}

/** `isApi && token !== expected`: who gets past it has shown the right one, or need not. */
function rulesOut(walk: Pick<Walk, 'program'>, env: Env, e: Expr): boolean {
  if (e.k === 'log' && e.op === '&&') return rulesOut(walk, env, e.l) || rulesOut(walk, env, e.r);
  if (credentialTest(walk, env, e) === 'absent') return true;
  if (e.k !== 'bin' || (e.op !== '!==' && e.op !== '!=') || e.r.k === 'nil') return false;
  return [e.l, e.r].some(side => isIdentity(walk.program, evaluate(walk.program, env, side)));
}

function flip(found: 'absent' | 'present' | undefined): 'absent' | 'present' | undefined {
  return found === 'absent' ? 'present' : found === 'present' ? 'absent' : undefined;
}
