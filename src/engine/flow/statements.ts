import type { Stmt } from '../model/facts.ts';
import { nameClosure } from './closures.ts';
import { flowOf } from './expressions.ts';
import { AS_TEXT, EVERYTHING } from './kinds.ts';
import { leaving } from './left.ts';
import { loopSinks } from './loop-sinks.ts';
import { assume, proofsOf } from './narrow.ts';
import { copied } from './rows.ts';
import { fork, merge, type Proof, prove, type State } from './state.ts';
import { ANY, addSteps, asText, CLEAN, everything, isClean, join, mapOrigins, quotedIn, read } from './taint.ts';
import { bind } from './targets.ts';
import { evidence, type Walk } from './walk.ts';

/** Walks statements in order; `walk.open` tells whether control gets behind them. */
export function walkBody(walk: Walk, body: readonly Stmt[]): void {
  for (const stmt of body) if (stmt.k === 'fndecl') nameClosure(walk, stmt.f);
  for (const stmt of body) {
    if (!walk.open) return;
    walkStmt(walk, stmt);
  }
}

function walkStmt(walk: Walk, stmt: Stmt): void {
  switch (stmt.k) {
    case 'let':
      if (stmt.v?.k === 'fn') nameClosure(walk, stmt.v.f);
      else if (stmt.v?.k === 'obj' && stmt.pat.k === 'pid')
        bind(walk, stmt.pat, copied(walk, stmt.pat.n, flowOf(walk, stmt.v)));
      else if (stmt.v) bind(walk, stmt.pat, flowOf(walk, stmt.v));
      return;
    case 'expr':
      if (stmt.e.k === 'log') logicalStatement(walk, stmt.e);
      else flowOf(walk, stmt.e);
      return;
    case 'ret':
      giveBack(walk, stmt);
      return;
    case 'throw':
      walk.thrown = join(walk.thrown, quotedIn(flowOf(walk, stmt.e), 'thrown'));
      walk.open = false;
      return;
    case 'if':
      branch(walk, stmt);
      return;
    case 'loop':
      loop(walk, stmt);
      return;
    case 'try':
      attempt(walk, stmt);
      return;
    case 'switch':
      choose(walk, stmt);
      return;
    case 'block':
      walkBody(walk, stmt.body);
      return;
    case 'jump':
      walk.open = false;
      return;
    default:
      return;
  }
}

/** `ok(x) || fail()`: behind it, either the left side held or the right side came back. */
function logicalStatement(walk: Walk, e: Extract<Stmt, { k: 'expr' }>['e'] & { k: 'log' }): void {
  flowOf(walk, e.l);
  if (e.op === '??') {
    flowOf(walk, e.r);
    return;
  }
  const start = walk.state;
  walk.state = fork(start);
  assume(walk, proofsOf(walk, e.l, e.op === '&&'));
  flowOf(walk, e.r);
  const after = walk.state;
  const isOpen = walk.open;
  walk.open = true;
  walk.state = fork(start);
  assume(walk, proofsOf(walk, e.l, e.op !== '&&'));
  if (isOpen) walk.state = merge(walk.state, after);
}

function giveBack(walk: Walk, stmt: Stmt & { k: 'ret' }): void {
  if (stmt.e) {
    const value = flowOf(walk, stmt.e);
    if (!isClean(value)) {
      const step = evidence(walk, stmt.e.p, `\`${walk.fn.name || 'a function'}\` gives it back`);
      const told = mapOrigins(value, origin =>
        origin.steps.length || origin.root.k === 'source'
          ? { ...origin, steps: addSteps(origin.steps, [step]) }
          : origin,
      );
      walk.summary.returns = join(walk.summary.returns, told);
    }
  }
  const { e } = stmt;
  const proved = new Map(walk.state.proved);
  const left = leaving(walk);
  if (e?.k === 'bool') walk.exits.push({ proved, says: e.v, leaving: left });
  else if (e && (e.k === 'un' || e.k === 'log' || e.k === 'bin' || e.k === 'call' || e.k === 'id' || e.k === 'await')) {
    for (const says of [true, false]) {
      const more = new Map<string, Proof>(proved);
      for (const [id, proof] of proofsOf(walk, e, says))
        more.set(id, { ...proof, mask: proof.mask | (more.get(id)?.mask ?? 0) });
      walk.exits.push({ proved: more, says, leaving: left });
    }
  } else if (e?.k === 'nil') walk.exits.push({ proved, says: false, leaving: left });
  else walk.exits.push({ proved, says: undefined, leaving: left });
  walk.open = false;
}

function branch(walk: Walk, stmt: Stmt & { k: 'if' }): void {
  flowOf(walk, stmt.t);
  if (!walk.open) return;
  const start = walk.state;
  const yes = proofsOf(walk, stmt.t, true);
  const no = proofsOf(walk, stmt.t, false);
  walk.state = fork(start);
  assume(walk, yes);
  walkBody(walk, stmt.a);
  const a = walk.open ? walk.state : undefined;
  walk.open = true;
  walk.state = fork(start);
  assume(walk, no);
  if (stmt.b) walkBody(walk, stmt.b);
  const b = walk.open ? walk.state : undefined;
  settle(walk, [a, b]);
}

/** Goes on with what holds on every way that gets here. */
function settle(walk: Walk, ways: readonly (State | undefined)[]): void {
  const open = ways.filter(way => way !== undefined);
  walk.open = open.length > 0;
  if (open.length) walk.state = open.reduce(merge);
}

/** What one round sets, the next one reads. */
const ROUNDS = 2;

function loop(walk: Walk, stmt: Stmt & { k: 'loop' }): void {
  if (stmt.init) walkBody(walk, stmt.init);
  for (let round = 0; round < ROUNDS; round++) {
    const before = walk.state;
    const size = sizeOf(before);
    walk.state = fork(before);
    if (stmt.of) {
      const list = flowOf(walk, stmt.of);
      if (stmt.pat) bind(walk, stmt.pat, stmt.kind === 'in' ? keysOf(list) : read(list, ANY));
    }
    if (stmt.t) {
      flowOf(walk, stmt.t);
      if (round === 0) loopSinks(walk, stmt, stmt.t);
      assume(walk, proofsOf(walk, stmt.t, true));
    }
    walkBody(walk, stmt.body);
    if (stmt.step && walk.open) flowOf(walk, stmt.step);
    walk.state = merge(before, walk.state);
    walk.open = true;
    if (sizeOf(walk.state) === size) break;
  }
}

/** The names of the properties of an untrusted object are untrusted texts. */
function keysOf(list: ReturnType<typeof flowOf>): ReturnType<typeof flowOf> {
  return { own: asText(list.own, '', AS_TEXT), fields: undefined };
}

function sizeOf({ vars }: State): number {
  let size = 0;
  for (const taint of vars.values()) size += taint.own.length + (taint.fields?.size ?? 0);
  return size;
}

function attempt(walk: Walk, stmt: Stmt & { k: 'try' }): void {
  const start = walk.state;
  walk.state = fork(start);
  const outer = walk.thrown;
  if (stmt.handler) walk.thrown = CLEAN;
  walkBody(walk, stmt.body);
  const told = walk.thrown;
  if (stmt.handler) walk.thrown = outer;
  const done = walk.open ? walk.state : undefined;
  let caught: State | undefined;
  if (stmt.handler) {
    walk.open = true;
    walk.state = merge(fork(start), walk.state);
    if (stmt.param) bind(walk, stmt.param, told);
    walkBody(walk, stmt.handler);
    caught = walk.open ? walk.state : undefined;
  }
  settle(walk, [done, caught]);
  if (stmt.fin) {
    const { open } = walk;
    walk.open = true;
    walkBody(walk, stmt.fin);
    walk.open = open && walk.open;
  }
}

function choose(walk: Walk, stmt: Stmt & { k: 'switch' }): void {
  const subject = flowOf(walk, stmt.e);
  const start = walk.state;
  const ways: (State | undefined)[] = [];
  let through: State | undefined;
  const by = evidence(walk, stmt.e.p, 'compared with each case');
  for (const { t, body } of stmt.cases) {
    walk.state = fork(start);
    if (t) {
      flowOf(walk, t);
      if (stmt.e.k === 'bool') assume(walk, proofsOf(walk, t, stmt.e.v));
      else for (const origin of everything(subject)) prove(walk.state, origin, EVERYTHING, by);
    }
    if (through) walk.state = merge(walk.state, through);
    walk.open = true;
    const breaks = endsWithBreak(body);
    walkBody(walk, body);
    through = walk.open ? walk.state : undefined;
    if (!walk.open && breaks) ways.push(walk.state);
  }
  if (!stmt.cases.some(one => !one.t)) ways.push(start);
  ways.push(through);
  settle(walk, ways);
}

function endsWithBreak(body: readonly Stmt[]): boolean {
  const last = body.at(-1);
  return last?.k === 'block' ? endsWithBreak(last.body) : last?.k === 'jump';
}
