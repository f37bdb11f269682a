import { bindingsOf } from '../link/env.ts';
import { evaluate } from '../link/evaluate.ts';
import { alternatives, stringOf, type Value } from '../link/values.ts';
import type { Expr, ExprOf } from '../model/facts.ts';
import type { Evidence } from '../model/finding.ts';
import { bindingsFor } from './apply.ts';
import { apiPathOf } from './callee.ts';
import { flowOf } from './expressions.ts';
import {
  AS_FORM,
  AS_LIST,
  AS_OWN_NAME,
  AS_PATH,
  AS_SHORT,
  AS_TARGET,
  AS_TEXT,
  EVERYTHING,
  type Mask,
  maskOf,
} from './kinds.ts';
import { ALARMS, CHECK_NAME, PREDICATES, provedByNoMatch, provedByRegex } from './models/sanitizers.ts';
import { fork, type Proof, prove } from './state.ts';
import { everything, type Origin, type Taint } from './taint.ts';
import { evidence, type Walk } from './walk.ts';

/** What a condition proves, by origin. */
export type Proofs = Map<string, Proof>;

/** Runs something in the branch where a condition is true or false, and forgets afterwards what it proved. */
export function narrowed<T>(walk: Walk, test: Expr, truth: boolean, run: () => T, unsure = false): T {
  const proofs = unsure && test.k !== 'id' && test.k !== 'mem' ? new Map<string, Proof>() : proofsOf(walk, test, truth);
  if (proofs.size === 0) return run();
  // Whoever holds the state outside must not see what is proved in here.
  const outer = walk.state.proved;
  walk.state = { vars: walk.state.vars, proved: new Map(outer) };
  assume(walk, proofs);
  const result = run();
  walk.state = { vars: walk.state.vars, proved: outer };
  return result;
}

export function assume(walk: Walk, proofs: Proofs): void {
  for (const { origin, mask, by } of proofs.values()) prove(walk.state, origin, mask, by);
}

/** What is clean where a condition has come out as `truth`. */
export function proofsOf(walk: Walk, test: Expr, truth: boolean, depth = 0): Proofs {
  if (depth > 6) return new Map();
  switch (test.k) {
    case 'un':
      return test.op === '!' ? proofsOf(walk, test.e, !truth, depth + 1) : new Map();
    case 'as':
    case 'await':
      return proofsOf(walk, test.e, truth, depth + 1);
    case 'log': {
      if (test.op === '??') return new Map();
      const l = proofsOf(walk, test.l, truth, depth + 1);
      const r = proofsOf(walk, test.r, truth, depth + 1);
      return (test.op === '&&') === truth ? both(l, r) : either(l, r);
    }
    case 'bin':
      return ofComparison(walk, test, truth, depth);
    case 'call':
      return ofCall(walk, test, truth);
    case 'mem':
      return truth ? new Map() : ofNothing(walk, test);
    case 'id': {
      if (!truth) {
        const nothing = ofNothing(walk, test);
        if (nothing.size > 0) return nothing;
      }
      const source = test.s === walk.fn.id ? bindingsOf(walk.fn).get(test.n)?.sources : undefined;
      const from =
        source?.length === 1 && source[0]!.path.length === 0 && !source[0]!.element ? source[0]!.from : undefined;
      return from && from.k !== 'id' ? once(walk, from, () => proofsOf(walk, from, truth, depth + 1)) : new Map();
    }
    default:
      return new Map();
  }
}

/** `value = parse(value || '')`: what a name holds may depend on what the name proves. */
function once(walk: Walk, test: Expr, ask: () => Proofs): Proofs {
  if (walk.tested.has(test)) return new Map();
  walk.tested.add(test);
  const out = ask();
  walk.tested.delete(test);
  return out;
}

/** An empty text, nought or nothing at all does no harm. What was made of a value may be empty where the value is not. */
function ofNothing(walk: Walk, test: ExprOf<'id' | 'mem'>): Proofs {
  const own = flowOf(walk, test).own.filter(({ text }) => !text);
  return allOf(own, EVERYTHING, evidence(walk, test.p, 'empty here'));
}

function both(a: Proofs, b: Proofs): Proofs {
  const out = new Map(a);
  for (const [id, proof] of b) out.set(id, { ...proof, mask: proof.mask | (a.get(id)?.mask ?? 0) });
  return out;
}

function either(a: Proofs, b: Proofs): Proofs {
  const out: Proofs = new Map();
  for (const [id, proof] of a) {
    const mask = proof.mask & (b.get(id)?.mask ?? 0);
    if (mask) out.set(id, { ...proof, mask });
  }
  return out;
}

function allOf(origins: readonly Origin[], mask: Mask, by: Evidence): Proofs {
  const out: Proofs = new Map();
  if (mask) for (const origin of origins) if (origin.root.k !== 'api') out.set(origin.id, { origin, mask, by });
  return out;
}

function ofComparison(walk: Walk, test: ExprOf<'bin'>, truth: boolean, depth: number): Proofs {
  const equal = test.op === '===' || test.op === '==';
  const by = evidence(walk, test.p, 'compared here');
  if (test.op === 'in') {
    const object = flowOf(walk, test.r);
    return truth && isOurs(object) ? allOf(flowOf(walk, test.l).own, EVERYTHING, by) : new Map();
  }
  if (test.op === 'instanceof')
    return test.r.k === 'id' && test.r.n === 'Array'
      ? allOf(flowOf(walk, test.l).own, truth ? AS_LIST : maskOf('list'), by)
      : new Map();
  if (!equal && test.op !== '!==' && test.op !== '!=') return ofPosition(walk, test, truth);
  const holds = equal === truth;
  const [l, r] = [stripped(test.l), stripped(test.r)];
  if (l.k === 'un' && l.op === 'typeof') return ofTypeof(walk, l.e, r, holds, by);
  if (r.k === 'un' && r.op === 'typeof') return ofTypeof(walk, r.e, l, holds, by);
  if (r.k === 'bool') return proofsOf(walk, l, holds === r.v, depth + 1);
  if (l.k === 'call' && ((r.k === 'num' && r.v === -1) || (r.k === 'un' && r.op === '-')))
    return ofSearch(walk, l, !holds);
  if (l.k === 'call' && r.k === 'num' && r.v === 0) return ofStart(walk, l, holds, by);
  if (!holds) return ofForbidden(walk, l, r, by);
  const [a, b] = [flowOf(walk, l), flowOf(walk, r)];
  const left = isOurs(b) ? allOf(a.own, comparedMask(l), by) : new Map();
  return isOurs(a) ? both(left, allOf(b.own, comparedMask(r), by)) : left;
}

/** Behind `key === '__proto__'` that has come out as false, the key is none of the names every object has. */
function ofForbidden(walk: Walk, l: Expr, r: Expr, by: Evidence): Proofs {
  const [name, key] = l.k === 'str' ? [l, r] : [r, l];
  return name.k === 'str' && OF_ALL_OBJECTS.has(name.v) ? allOf(flowOf(walk, key).own, AS_OWN_NAME, by) : new Map();
}

const OF_ALL_OBJECTS = new Set(['__proto__', 'constructor', 'prototype']);

/** Not known to be chosen by somebody else: good enough to compare with. */
function isOurs(taint: Taint): boolean {
  return !everything(taint).some(({ root }) => root.k === 'source');
}

/** A host that is the expected one confines an URL; it says nothing about the rest of it. */
function comparedMask(e: Expr): Mask {
  if (e.k !== 'mem') return EVERYTHING;
  if (e.n === 'host' || e.n === 'hostname' || e.n === 'origin') return AS_TARGET;
  return e.n === 'protocol' || e.n === 'pathname' || e.n === 'search' ? 0 : EVERYTHING;
}

function ofTypeof(walk: Walk, e: Expr, name: Expr, holds: boolean, by: Evidence): Proofs {
  if (name.k !== 'str') return new Map();
  const { own } = flowOf(walk, e);
  if (name.v === 'string') return holds ? allOf(own, AS_TEXT | maskOf('loop'), by) : new Map();
  if (name.v === 'object') return holds ? new Map() : allOf(own, AS_TEXT | maskOf('loop'), by);
  return holds && name.v !== 'undefined' ? allOf(own, AS_FORM, by) : new Map();
}

/** A number below a limit of ours; an amount of money may need one from below. More than nothing is no limit. */
function ofBound(walk: Walk, test: ExprOf<'bin'>, truth: boolean): Proofs {
  const isLess = test.op === '<' || test.op === '<=';
  if (!isLess && test.op !== '>' && test.op !== '>=') return new Map();
  const [small, large] = isLess === truth ? [test.l, test.r] : [test.r, test.l];
  const by = evidence(walk, test.p, 'limited here');
  const below = isOurs(flowOf(walk, large)) ? allOf(flowOf(walk, small).own, maskOf('size', 'amount'), by) : new Map();
  const above = isOurs(flowOf(walk, small)) && !(small.k === 'num' && small.v === 0);
  return above ? both(below, allOf(flowOf(walk, large).own, maskOf('amount'), by)) : below;
}

/** `list.indexOf(x) >= 0`, `list.indexOf(x) > -1`. */
function ofPosition(walk: Walk, test: ExprOf<'bin'>, truth: boolean): Proofs {
  const short = ofLength(walk, test, truth);
  if (short) return short;
  if (test.l.k !== 'call') return ofBound(walk, test, truth);
  if (test.op === '>=' || test.op === '>') return ofSearch(walk, test.l, truth);
  return test.op === '<' ? ofSearch(walk, test.l, !truth) : new Map();
}

/** `x.length > 100`: where it is not, the text is short. */
function ofLength(walk: Walk, { l, r, op, p }: ExprOf<'bin'>, truth: boolean): Proofs | undefined {
  const [measured, limit] = [l, r].map(stripped) as [Expr, Expr];
  const [text, below] =
    measured.k === 'mem' && measured.n === 'length'
      ? [measured.o, op.startsWith('<')]
      : limit.k === 'mem' && limit.n === 'length'
        ? [limit.o, op.startsWith('>')]
        : [undefined, false];
  if (!text) return undefined;
  return below === truth ? allOf(flowOf(walk, text).own, AS_SHORT, evidence(walk, p, 'measured here')) : new Map();
}

function ofSearch(walk: Walk, call: ExprOf<'call'>, found: boolean): Proofs {
  if (call.f.k !== 'mem' || (call.f.n !== 'indexOf' && call.f.n !== 'findIndex')) return new Map();
  return membership(walk, call, call.f.o, call.a[0], found);
}

/** `full.indexOf(root) === 0` is `startsWith`. */
function ofStart(walk: Walk, call: ExprOf<'call'>, holds: boolean, by: Evidence): Proofs {
  if (call.f.k !== 'mem' || call.f.n !== 'indexOf' || !call.a[0]) return new Map();
  return startsWith(walk, flowOf(walk, call.f.o), call.a[0], holds, by);
}

function ofCall(walk: Walk, call: ExprOf<'call'>, truth: boolean): Proofs {
  const { f } = call;
  const by = evidence(walk, call.p, 'checked here');
  if (f.k === 'mem') {
    const found = ofMethod(walk, call, f, truth, by);
    if (found) return found;
  }
  const out: Proofs[] = [];
  const callees = alternatives(evaluate(walk.program, walk.env, f));
  for (const callee of callees) out.push(ofCallee(walk, call, callee, truth, by));
  return out.length ? out.reduce(either) : new Map();
}

function ofCallee(walk: Walk, call: ExprOf<'call'>, callee: Value, truth: boolean, by: Evidence): Proofs {
  const taught = walk.solver.taught?.at(walk, call, callee);
  if (taught) return truth && call.a[0] ? allOf(flowOf(walk, call.a[0]).own, taught.clean, by) : new Map();
  if (callee.k === 'func') {
    const summary = walk.solver.summaryOf(callee);
    const guards = truth ? summary.whenTrue : summary.whenFalse;
    const out: Proofs = new Map();
    if (guards.size === 0) return out;
    const values = bindingsFor(walk, callee, call);
    for (const { origin, mask } of guards.values())
      for (const own of values.at(origin.root, origin.path).own) out.set(own.id, { origin: own, mask, by });
    return out;
  }
  const args = call.a.map(arg => flowOf(walk, arg));
  const first = args[0]?.own ?? [];
  if (callee.k === 'api') {
    const path = apiPathOf(walk, callee);
    return allOf(first, ((truth ? PREDICATES[path] : ALARMS[path]) ?? 0) & AS_FORM, by);
  }
  const name = call.f.k === 'mem' ? call.f.n : call.f.k === 'id' ? call.f.n : '';
  return truth && CHECK_NAME.test(name)
    ? allOf(
        args.flatMap(arg => everything(arg)),
        EVERYTHING,
        by,
      )
    : new Map();
}

function ofMethod(
  walk: Walk,
  call: ExprOf<'call'>,
  f: ExprOf<'mem'>,
  truth: boolean,
  by: Evidence,
): Proofs | undefined {
  const [first] = call.a;
  switch (f.n) {
    case 'includes':
    case 'has':
    case 'hasOwn':
    case 'hasOwnProperty':
      return membership(walk, call, f.o, call.a[f.n === 'hasOwn' ? 1 : 0], truth);
    case 'call':
      // Object.prototype.hasOwnProperty.call(TABLE, name)
      return f.o.k === 'mem' && f.o.n === 'hasOwnProperty' && call.a[1] && truth
        ? allOf(flowOf(walk, call.a[1]).own, EVERYTHING, by)
        : undefined;
    case 'startsWith':
      return first ? both(asked(walk, f.o, by), startsWith(walk, flowOf(walk, f.o), first, truth, by)) : undefined;
    case 'endsWith':
      return truth && first && (first.k !== 'str' || /^\.[\w-]+\.\w+/.test(first.v))
        ? both(asked(walk, f.o, by), allOf(flowOf(walk, f.o).own, AS_TARGET, by))
        : asked(walk, f.o, by);
    case 'test':
      return first ? matched(walk, f.o, flowOf(walk, first), truth, by) : undefined;
    case 'match':
    case 'search':
      return first ? matched(walk, first, flowOf(walk, f.o), truth, by) : undefined;
    case 'some':
    case 'every':
      return first?.k === 'fn' ? ofVisitor(walk, first, truth === (f.n === 'some'), truth, by) : undefined;
    default:
      return undefined;
  }
}

/** Only texts have these methods: a list or an object that is asked ends the function with an error. */
function asked(walk: Walk, e: Expr, by: Evidence): Proofs {
  return allOf(flowOf(walk, e).own, AS_TEXT, by);
}

function membership(walk: Walk, call: ExprOf<'call'>, list: Expr, item: Expr | undefined, found: boolean): Proofs {
  if (!item) return new Map();
  const by = evidence(walk, call.p, 'looked up here');
  const among = flowOf(walk, list);
  const wanted = everything(flowOf(walk, item));
  if (wanted.length > 0 && !found) return isForbidden(walk, list) ? allOf(wanted, AS_OWN_NAME, by) : new Map();
  if (wanted.length > 0) return isOurs(among) ? allOf(wanted, hostMask(item), by) : new Map();
  if (!found && item.k === 'str' && OF_ALL_OBJECTS.has(item.v)) return allOf(among.own, AS_OWN_NAME, by);
  // The text itself is searched: `name.includes('..')`.
  return !found && item.k === 'str' && /^(?:\.\.|\/|\.\.\/|\\)$/.test(item.v)
    ? allOf(among.own, item.v.startsWith('..') ? maskOf('dots') : AS_PATH, by)
    : new Map();
}

/** A list of names that are not allowed. */
function isForbidden(walk: Walk, list: Expr): boolean {
  const value = evaluate(walk.program, walk.env, list);
  return value.k === 'array' && value.items.some(item => stringOf(item) === '__proto__');
}

function hostMask(item: Expr): Mask {
  return item.k === 'mem' ? comparedMask(item) : EVERYTHING;
}

function startsWith(walk: Walk, value: Taint, prefix: Expr, truth: boolean, by: Evidence): Proofs {
  const text = prefix.k === 'str' ? prefix.v : undefined;
  if (text === undefined)
    return truth && isOurs(flowOf(walk, prefix))
      ? both(allOf(value.own.filter(isResolved), AS_PATH, by), allOf(value.own, AS_TARGET | maskOf('absolute'), by))
      : new Map();
  if (text === '-' || text === '--') return allOf(value.own, maskOf('option'), by);
  if (text === '..' || text === '../') return truth ? new Map() : allOf(value.own, maskOf('dots'), by);
  if (text === '/') return truth ? new Map() : allOf(value.own, maskOf('absolute'), by);
  if (text === '//' || text === '/\\') return truth ? new Map() : allOf(value.own, AS_TARGET, by);
  if (!truth) return new Map();
  if (/^https?:\/\/[^/]+[/:]/.test(text)) return allOf(value.own, AS_TARGET, by);
  const rooted = /^\/[^/\\]/.test(text);
  const mask = maskOf('option') | (rooted ? AS_TARGET | maskOf('absolute') : 0);
  return both(allOf(rooted ? value.own.filter(isResolved) : [], AS_PATH, by), allOf(value.own, mask, by));
}

/** Without `..` behind the beginning, which is all that was looked at; what a caller passes may be. */
function isResolved({ root, resolved, parsed }: Origin): boolean {
  return root.k !== 'source' || resolved === true || parsed === true;
}

function matched(walk: Walk, pattern: Expr, value: Taint, truth: boolean, by: Evidence): Proofs {
  const regex = evaluate(walk.program, walk.env, pattern);
  if (regex.k === 'regex')
    return allOf(
      value.own,
      AS_FORM & (truth ? provedByRegex(regex.source, regex.flags) : provedByNoMatch(regex.source)),
      by,
    );
  // A pattern that cannot be read may be a strict one.
  return truth && (regex.k === 'unknown' || regex.k === 'api') ? allOf(value.own, EVERYTHING, by) : new Map();
}

/** `allowed.some(prefix => url.startsWith(prefix))`: what the inner function proves of the variables around it. */
function ofVisitor(walk: Walk, e: ExprOf<'fn'>, applies: boolean, truth: boolean, by: Evidence): Proofs {
  const callee = evaluate(walk.program, walk.env, e);
  const out: Proofs = new Map();
  if (callee.k !== 'func' || !applies) return out;
  const summary = walk.solver.summaryOf(callee);
  const guards = truth ? summary.whenTrue : summary.whenFalse;
  for (const { origin, mask } of guards.values()) {
    if (origin.root.k !== 'captured' && origin.root.k !== 'this') continue;
    const saved = walk.state;
    walk.state = fork(saved);
    const values = bindingsFor(walk, callee, undefined);
    for (const own of values.at(origin.root, origin.path).own) out.set(own.id, { origin: own, mask, by });
    walk.state = saved;
  }
  return out;
}

function stripped(e: Expr): Expr {
  return e.k === 'as' || e.k === 'await' ? stripped(e.e) : e;
}
