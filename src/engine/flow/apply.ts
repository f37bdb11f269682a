import { evaluate } from '../link/evaluate.ts';
import { member } from '../link/members.ts';
import { alternatives, type FuncValue, type Value } from '../link/values.ts';
import type { Expr, ExprOf } from '../model/facts.ts';
import type { Evidence } from '../model/finding.ts';
import { isCarried } from './callee.ts';
import { flowOf } from './expressions.ts';
import { isCleanFor } from './kinds.ts';
import { type Left, met, placeOf, UNPLACED } from './left.ts';
import { assume, type Proofs } from './narrow.ts';
import { isOfPicked, originsAt } from './reach.ts';
import { proved } from './state.ts';
import { addHit, addWrite, type CalledBack, type Hit, isOpen, isUndecided, type Summary } from './summary.ts';
import {
  ANY,
  addSteps,
  CLEAN,
  capped,
  everything,
  HOLE,
  isClean,
  join,
  joinAll,
  joinBefore,
  joinOrigins,
  type Origin,
  originOf,
  type Root,
  readPath,
  type Taint,
  taintOf,
  write,
} from './taint.ts';
import { setMember } from './targets.ts';
import { evidence, varKey, type Walk } from './walk.ts';

/** What a callee's roots are in its caller. */
export interface Bindings {
  readonly callee: FuncValue;
  readonly call: ExprOf<'call'> | undefined;
  /** The step that leads from a root into the callee. */
  readonly steps: readonly (Evidence | undefined)[];
  at(root: Root, path: readonly string[]): Taint;
}

export function bindingsFor(walk: Walk, callee: FuncValue, call: ExprOf<'call'> | undefined): Bindings {
  const args = call?.a.map(arg => flowOf(walk, arg)) ?? [];
  const receiver = call?.f.k === 'mem' && !call.new ? flowOf(walk, call.f.o) : thisOf(walk, callee);
  return bindings(walk, callee, args, receiver, call);
}

export function bindings(
  walk: Walk,
  callee: FuncValue,
  args: readonly Taint[],
  receiver: Taint,
  call: ExprOf<'call'> | undefined,
): Bindings {
  const { params } = callee.fn;
  return {
    callee,
    call,
    steps: params.map((param, index) => {
      const arg = call?.a[index];
      const name = param.pat.k === 'pid' ? ` as \`${param.pat.n}\`` : '';
      return arg && arg.k !== 'fn'
        ? evidence(walk, arg.p, `goes into \`${callee.fn.name || 'a function'}\`${name}`)
        : undefined;
    }),
    at(root, path) {
      if (root.k === 'param') {
        const whole = params[root.index]?.rest
          ? { own: [], fields: new Map([[ANY, joinAll(args.slice(root.index))]]) }
          : (args[root.index] ?? CLEAN);
        return resolve(walk, readPath(whole, path));
      }
      if (root.k === 'this') return resolve(walk, readPath(receiver, path));
      if (root.k === 'left') return resolve(walk, onRequest(root, path, args));
      return root.k === 'captured' ? resolve(walk, readPath(captured(walk, callee, root), path)) : CLEAN;
    },
  };
}

/** Where it is read is known to whoever reads it: see compose. */
function resolve(walk: Walk, taint: Taint): Taint {
  return proved(walk.state, met(walk, taint));
}

/** What was left on an object of the request, or what the caller wrote there before it handed the object on. */
function onRequest(root: Root & { k: 'left' }, path: readonly string[], args: readonly Taint[]): Taint {
  for (const arg of args) {
    const place = arg.fields && arg.own.length === 1 ? placeOf(arg.own[0]!) : undefined;
    if (place?.on === root.on && place.path.every((name, at) => name === path[at]))
      return readPath(arg, path.slice(place.path.length));
  }
  return taintOf(originOf(root, path));
}

function thisOf(walk: Walk, callee: FuncValue): Taint {
  if (callee.fn.kind !== 'arrow' || callee.file !== walk.env.unit.path) return CLEAN;
  return walk.state.vars.get('this') ?? taintOf(originOf({ k: 'this' }));
}

function captured(walk: Walk, callee: FuncValue, root: Root & { k: 'captured' }): Taint {
  if (callee.file !== walk.env.unit.path) return CLEAN;
  const known = walk.state.vars.get(varKey(root.scope, root.name));
  if (known) return known;
  if (root.scope === walk.fn.id) return CLEAN;
  for (let env = walk.env.parent; env; env = env.parent) if (env.fn.id === root.scope) return taintOf(originOf(root));
  return CLEAN;
}

/** Carries a function's summary over to a call of it; gives what the call gives. */
export function applyCall(
  walk: Walk,
  callee: FuncValue,
  args: readonly Taint[],
  receiver: Taint,
  call: ExprOf<'call'> | undefined,
): Taint {
  const given = call?.a.map(arg => carried(walk, callee, arg));
  const summary = walk.solver.summaryOf(callee, given?.some(Boolean) ? given : undefined);
  const bound = bindings(walk, callee, args, receiver, call);
  applySummary(walk, summary, bound);
  const result = substitute(summary.returns, bound);
  if (call && summary.throws) walk.open = false;
  if (isClean(result) || !call) return result;
  return result;
}

function carried(walk: Walk, callee: FuncValue, arg: Expr): Value | undefined {
  if (arg.k !== 'id' && arg.k !== 'mem' && arg.k !== 'this') return undefined;
  if (callee.fn.params.length === 0) return undefined;
  const value = evaluate(walk.program, walk.env, arg);
  return isCarried(walk, value) ? value : undefined;
}

export function applySummary(walk: Walk, summary: Summary, bound: Bindings): void {
  for (const hit of summary.hits.values()) {
    const { origin } = hit;
    const base = bound.at(origin.root, origin.path);
    if (isClean(base)) continue;
    for (const one of originsAt(hit.sink.kind, base)) carry(walk, hit, compose(one, origin, bound));
  }
  for (const { root, path, value } of summary.writes) {
    const own = substitute(value, bound);
    if (!isClean(own)) writeBack(walk, bound, root, path, own);
  }
  if (!isClean(summary.thrown)) walk.thrown = join(walk.thrown, substitute(summary.thrown, bound));
  for (const one of summary.calls) callBack(walk, bound, one);
  for (const one of summary.left) leaveToo(walk, bound, one);
  const proofs: Proofs = new Map();
  for (const { origin, mask } of summary.whenDone.values())
    for (const own of bound.at(origin.root, origin.path).own)
      proofs.set(own.id, { origin: own, mask, by: bound.call && evidence(walk, bound.call.p, 'checked here') });
  assume(walk, proofs);
}

/** A helper wrote onto an object of the request that it was given. */
function leaveToo(walk: Walk, bound: Bindings, { on, path, value, weak }: Left): void {
  const target = bound.call?.a.find(arg => {
    if (arg.k !== 'id' && arg.k !== 'mem') return false;
    const given = evaluate(walk.program, walk.env, arg);
    return given.k === 'api' && given.inst && walk.solver.adapters.canonical(given.path) === on;
  });
  if (target) setMember(walk, target, path, substitute(value, bound), weak);
}

/** Hands a hit on, or reports it where its origin is a source. */
export function carry(walk: Walk, hit: Hit, origin: Origin): void {
  const next = landed(hit, origin);
  if (!next) return;
  if (origin.root.k === 'source') walk.solver.found(next);
  else if (isUndecided(origin.root) && !addHit(walk.summary.hits, next)) walk.summary.cut++;
}

/** A hit by one origin of what reaches it; undefined where that does not matter. */
export function landed({ sink, ended }: Hit, origin: Origin): Hit | undefined {
  const { root, mask, before, cleaned } = origin;
  if (!!origin.picked !== isOfPicked(sink.kind)) return undefined;
  if (root.k === 'source') {
    if (root.label !== 'model' && sink.kind === 'parsed') return undefined;
    // Rows of the database matter where they are shown, and only they do.
    if ((root.label === 'stored') !== (sink.kind === 'answer')) return undefined;
  }
  const by = cleaned ?? { span: sink.arg, message: 'cleaned' };
  return { sink, origin, ended: ended ?? (isCleanFor(sink.kind, mask, before) ? by : undefined) };
}

/** A value of the callee as its caller sees it. */
export function substitute(taint: Taint, bound: Bindings): Taint {
  if (isClean(taint)) return taint;
  let out: Taint = CLEAN;
  let own: readonly Origin[] = [];
  for (const origin of taint.own) {
    if (!isUndecided(origin.root)) {
      own = joinOrigins(own, [origin]);
      continue;
    }
    const base = bound.at(origin.root, origin.path);
    own = joinOrigins(
      own,
      (origin.text ? everything(base) : base.own).flatMap(one =>
        (origin.text || origin.picked) && (one.root.k === 'api' || one.picked) ? [] : [compose(one, origin, bound)],
      ),
    );
    if (!origin.text && !origin.picked && base.fields) out = join(out, { own: [], fields: base.fields });
  }
  let fields: Map<string, Taint> | undefined;
  for (const [name, one] of taint.fields ?? []) {
    fields ??= new Map();
    fields.set(name, substitute(one, bound));
  }
  return capped(join(out, { own, fields }));
}

/** The origin that an inner one stands for, with the way that led into it. */
export function compose(outer: Origin, inner: Origin, bound: Bindings | undefined): Origin {
  const via = inner.root.k === 'param' ? bound?.steps[inner.root.index] : foundAt(outer, inner);
  const isUnplaced = outer.at?.span.start === UNPLACED || outer.root.k === 'left';
  const at = isUnplaced ? (inner.at ?? placedAt(outer, via)) : outer.at;
  const cleaned = inner.cleaned ?? outer.cleaned;
  const quoted = inner.quoted ?? outer.quoted;
  const picked = inner.picked ?? outer.picked;
  const before = inner.before || outer.before ? joinBefore(inner.before, outer.before) : '';
  return {
    id: inner.picked && !outer.picked ? `${outer.id}!` : outer.id,
    root: outer.root,
    path: outer.path,
    text: outer.text || inner.text,
    ...(quoted ? { quoted } : {}),
    ...((inner.parsed ?? outer.parsed) ? { parsed: true as const } : {}),
    ...((inner.json ?? outer.json) ? { json: true as const } : {}),
    ...((inner.resolved ?? outer.resolved) ? { resolved: true as const } : {}),
    ...((inner.part ?? outer.part) ? { part: true as const } : {}),
    ...(picked ? { picked } : {}),
    before: before === HOLE ? '' : before,
    mask: outer.mask | inner.mask,
    ...(cleaned ? { cleaned } : {}),
    ...(at ? { at } : {}),
    steps: addSteps(outer.steps, via ? [via, ...inner.steps] : inner.steps),
  };
}

/** What is read from a parameter by its pattern is read where the argument is given. */
function placedAt({ at }: Origin, via: Evidence | undefined): Origin['at'] {
  return at && via ? { span: via.span, text: at.text } : at;
}

/** What somebody left is found where it is read. */
function foundAt(outer: Origin, { root, at }: Origin): Evidence | undefined {
  return root.k === 'left' && outer.root.k !== 'left' && at && at.span.start !== UNPLACED
    ? { span: at.span, message: `\`${at.text}\` is read` }
    : undefined;
}

function writeBack(walk: Walk, { callee, call }: Bindings, root: Root, path: readonly string[], value: Taint): void {
  if (root.k === 'captured') {
    if (callee.file !== walk.env.unit.path) return;
    const key = varKey(root.scope, root.name);
    walk.setAt.set(key, ++walk.clock);
    const before = walk.state.vars.get(key) ?? CLEAN;
    walk.state.vars.set(key, write(before, path, value, true));
    for (const place of before.own.flatMap(origin => placeOf(origin) ?? [])) {
      walk.writesOnRequest = true;
      walk.leftLater.push({ on: place.on, path: [...place.path, ...path], value, weak: true });
    }
    if (root.scope !== walk.fn.id) addWrite(walk.summary, { root, path, value });
    return;
  }
  const target = root.k === 'param' ? call?.a[root.index] : call?.f.k === 'mem' ? call.f.o : undefined;
  if (target && path.length > 0) setMember(walk, target, path, value, true);
  else if (target?.k === 'id') setMember(walk, target, [ANY], value, true);
}

/** The callee calls something its caller passed: a function of the project, or something passed on once more. */
function callBack(walk: Walk, bound: Bindings, { root, path, args }: CalledBack): void {
  const given = args.map(arg => substitute(arg, bound));
  const arg = root.k === 'param' ? bound.call?.a[root.index] : undefined;
  if (arg) {
    let value = evaluate(walk.program, walk.env, arg);
    for (const name of path) value = member(walk.program, value, name);
    for (const one of alternatives(value))
      if (one.k === 'func' && one.fn !== walk.fn) applyCall(walk, one, given, CLEAN, undefined);
  }
  if (given.every(isClean)) return;
  for (const own of bound.at(root, path).own)
    if (isOpen(own.root) && !own.text && walk.summary.calls.length < 20)
      walk.summary.calls.push({ root: own.root, path: own.path, args: given });
}
