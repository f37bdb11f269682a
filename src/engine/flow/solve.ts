import type { Endpoint } from '../link/endpoint.ts';
import { createEnv } from '../link/env.ts';
import type { Model } from '../link/model.ts';
import type { Operation } from '../link/operations.ts';
import { secretColumns } from '../link/secret-columns.ts';
import { uniqueFields } from '../link/unique-fields.ts';
import type { Env, FuncValue, Value } from '../link/values.ts';
import type { ExprOf, FunctionFact } from '../model/facts.ts';
import { comparePlaces } from '../model/span.ts';
import { finishClosures } from './closures.ts';
import { hitsOfCallers } from './entry-hits.ts';
import { bind } from './expressions.ts';
import { type Flow, flowFrom } from './flow.ts';
import { type Entries, type Entry, entriesOf, holdsFor, keptEntries, keyOf, prune, type Wanted } from './kept.ts';
import { OPTION_SINKS } from './models/option-sinks.ts';
import { OPERATION_SINKS } from './models/sinks.ts';
import type { Profile } from './profile.ts';
import { askers, requestPaths, rootsOf } from './roots.ts';
import { paramTaint } from './sources.ts';
import { newState, type Proof } from './state.ts';
import { walkBody } from './statements.ts';
import { addHit, emptySummary, type Guards, type Hit, hitKey, isOpen, type Summary } from './summary.ts';
import { CLEAN, everything, type Origin } from './taint.ts';
import { taughtFlow } from './taught.ts';
import { rawTemplates } from './template-sinks.ts';
import type { Exit, Solver, Walk } from './walk.ts';

/** Functions nested in one another before a way through them is cut. */
const DEPTH = 48;
const FLOW_LIMIT = 4000;

export interface Solution {
  /** Ways from a source to a sink, by file and place. */
  readonly flows: readonly Flow[];
  /** Ways that something made harmless. */
  readonly ended: readonly Flow[];
  /** Functions looked at. */
  readonly functions: number;
  /** Ways not followed to their end because a limit was reached: what they lead to may be missing. */
  readonly cut: number;
  /** Rows with a secret that handlers give back: where each comes from, as far as a handler's result tells. */
  readonly answered: readonly Answered[];
}

export interface Answered {
  readonly endpoint: Endpoint;
  readonly origin: Origin;
}

/** Follows untrusted values through the whole program. */
export function solve(model: Model, profile: Profile): Solution {
  const { program } = model;
  const { adapters } = program;
  const operations = indexOperations(model);
  const requests = requestPaths(model);
  const { cells } = program;
  const taught = taughtFlow(model.settings, program.units.keys());
  const kept = keptEntries(program, taught?.key ?? '');
  const memo: Entries = new Map();
  const running: Entry[] = [];
  const checked = checkedParts([...model.endpoints, ...model.fields]);
  const found = new Map<string, Hit>();
  let functions = 0;
  let cut = 0;
  let replayed = 0;
  let isBroken = false;

  /** Lets everything happen again that happened while a summary was worked out, in the same order. */
  const replay = (entry: Entry): void => {
    entriesOf(memo, entry.func.fn).set(entry.key, entry);
    functions++;
    replayed++;
    for (const one of entry.log) {
      if (!('entry' in one)) {
        if (!addHit(found, one, FLOW_LIMIT)) cut++;
        continue;
      }
      const { fn } = one.func;
      const known = memo.get(fn)?.get(one.entry.key);
      if (known === one.entry) continue;
      const stands = !known && kept.get(fn)?.get(one.entry.key) === one.entry;
      if (!stands || running.length + replayed > DEPTH || !holdsFor(program, one.entry, one, checked.get(fn))) {
        isBroken = true;
        break;
      }
      replay(one.entry);
    }
    replayed--;
  };

  const compute = (wanted: Wanted, key: string): Entry => {
    const { func, given } = wanted;
    const own = entriesOf(kept, func.fn);
    const parts = checked.get(func.fn);
    const entry: Entry = { func, given, key, summary: emptySummary(), checked: parts, log: [] };
    entriesOf(memo, func.fn).set(key, entry);
    own.set(key, entry);
    const before = cells.open(own, key);
    cells.read(func.fn);
    cells.keep(own, key);
    cells.begin(own, key);
    running.push(entry);
    functions++;
    profile.run(func, () => walkFunction(solver, func, given, entry.summary, parts));
    running.pop();
    cells.end();
    cells.leave(before);
    return entry;
  };

  const solver: Solver = {
    program,
    adapters,
    secretColumn: secretColumns(model),
    uniqueFields: uniqueFields(model),
    templates: rawTemplates(model.project),
    taught,
    operationsAt: call => operations.get(call) ?? [],
    isRequest: path => requests.has(path),
    found(hit) {
      running.at(-1)?.log.push(hit);
      if (!addHit(found, hit, FLOW_LIMIT)) cut++;
    },
    summaryOf(func, given) {
      const wanted: Wanted = { func, given };
      const key = keyOf(wanted);
      const own = entriesOf(kept, func.fn);
      cells.meet(own, key);
      let entry = memo.get(func.fn)?.get(key);
      if (entry) {
        if (running.includes(entry)) cells.cut(own, key);
      } else if (running.length > DEPTH) {
        running.at(-1)!.summary.cut++;
        cells.limited();
        return emptySummary();
      } else {
        entry = own.get(key);
        if (entry && holdsFor(program, entry, wanted, checked.get(func.fn))) replay(entry);
        else entry = compute(wanted, key);
      }
      running.at(-1)?.log.push({ ...wanted, entry });
      return entry.summary;
    },
  };

  const roots = rootsOf(model, solver);
  for (const { func, given } of roots) solver.summaryOf(func, given);
  askers(model, memo, func => solver.summaryOf(func));
  const called = hitsOfCallers(model, solver, new Set(roots.map(({ func }) => func.fn)));
  prune(kept, memo);
  if (isBroken) {
    kept.clear();
    return solve(model, profile);
  }
  const hits = [...found.values(), ...called];
  const open = new Set(hits.filter(hit => !hit.ended).map(hit => hitKey(hit)));
  return {
    flows: hits
      .filter(hit => !hit.ended)
      .flatMap(hit => flowFrom(hit) ?? [])
      .sort(byPlace),
    ended: hits
      .filter(hit => hit.ended && !open.has(hitKey({ ...hit, ended: undefined })))
      .flatMap(hit => flowFrom(hit) ?? [])
      .sort(byPlace),
    functions,
    cut: cut + cutIn(memo),
    answered: [...model.endpoints, ...model.fields].flatMap(endpoint => answersOf(endpoint, memo)),
  };
}

function answersOf(endpoint: Endpoint, memo: Entries): Answered[] {
  const entries = endpoint.handler ? [...(memo.get(endpoint.handler.fn)?.values() ?? [])] : [];
  return entries
    .flatMap(({ summary }) => everything(summary.returns))
    .filter(({ root }) => root.k === 'source' && root.label === 'stored')
    .map(origin => ({ endpoint, origin }));
}

function cutIn(memo: Entries): number {
  let sum = 0;
  for (const own of memo.values()) for (const { summary } of own.values()) sum += summary.cut;
  return sum;
}

function byPlace(a: Flow, b: Flow): number {
  return (
    comparePlaces(a.sink.arg, b.sink.arg) ||
    a.source.span.start - b.source.span.start ||
    (a.source.text < b.source.text ? -1 : 1)
  );
}

function walkFunction(
  solver: Solver,
  func: FuncValue,
  given: readonly (Value | undefined)[] | undefined,
  summary: Summary,
  checked: ReadonlySet<string> | undefined,
): void {
  const env = envOf(solver, func);
  given?.forEach((value, index) => {
    if (value && !env.vars.has(`#${index}`)) env.vars.set(`#${index}`, value);
  });
  const walk: Walk = {
    solver,
    program: solver.program,
    env,
    fn: func.fn,
    summary,
    state: newState(),
    thrown: CLEAN,
    open: true,
    exits: [],
    closures: new Map(),
    setAt: new Map(),
    clock: 0,
    tested: new Set(),
  };
  func.fn.params.forEach((param, index) => {
    const taint = paramTaint(walk, param, index, checked);
    bindParam(walk, param.pat, taint);
  });
  walkBody(walk, func.fn.body);
  finishClosures(walk);
  summary.thrown = walk.thrown;
  summary.throws = !walk.open && walk.exits.length === 0 && !func.fn.generator;
  if (walk.open) walk.exits.push({ proved: walk.state.proved, says: false });
  summary.whenTrue = common(walk.exits.filter(exit => exit.says !== false));
  summary.whenFalse = common(walk.exits.filter(exit => exit.says !== true));
  summary.whenDone = common(walk.exits);
}

/** Parameters get their values without a step: the call's argument is the step. */
function bindParam(walk: Walk, pattern: Parameters<typeof bind>[1], taint: ReturnType<typeof paramTaint>): void {
  if (pattern.k === 'pid') {
    walk.state.vars.set(`${pattern.s}:${pattern.n}`, taint);
    return;
  }
  bind(walk, pattern, taint);
}

function common(exits: readonly Exit[]): Guards {
  const [first, ...rest] = exits;
  const out = new Map<string, Proof>();
  if (!first) return out;
  for (const [id, proof] of first.proved) {
    if (!isOpen(proof.origin.root)) continue;
    const mask = rest.reduce((all, exit) => all & (exit.proved.get(id)?.mask ?? 0), proof.mask);
    if (mask) out.set(id, { ...proof, mask });
  }
  return out;
}

/** An environment in which a function can be read with what its caller is known to pass. */
function envOf({ program }: Solver, func: FuncValue): Env {
  return createEnv(program.units.get(func.file)!, func.fn, func.env, true, func.self);
}

function indexOperations(model: Model): Map<ExprOf<'call'>, Operation[]> {
  const out = new Map<ExprOf<'call'>, Operation[]>();
  const kinds = [
    ...(Object.keys(OPERATION_SINKS) as (keyof typeof OPERATION_SINKS)[]),
    'db',
    ...(Object.keys(OPTION_SINKS) as (keyof typeof OPTION_SINKS)[]),
    'validate',
  ] as const;
  for (const operation of model.operations(...kinds)) {
    const list = out.get(operation.site.call);
    if (list) list.push(operation);
    else out.set(operation.site.call, [operation]);
  }
  return out;
}

/** Parts of the request that something before the handler checked, on every way to it. */
function checkedParts(endpoints: readonly Endpoint[]): Map<FunctionFact, ReadonlySet<string>> {
  const out = new Map<FunctionFact, Set<string>>();
  for (const { handler, chain } of endpoints) {
    if (!handler) continue;
    const parts = new Set(
      chain.flatMap(link => link.roles.flatMap(role => (role.startsWith('validates-') ? [role.slice(10)] : []))),
    );
    // Who signed what was sent is trusted to have written it.
    if (chain.some(link => link.roles.includes('verifies-signature'))) for (const part of SIGNED) parts.add(part);
    const known = out.get(handler.fn);
    out.set(handler.fn, known ? new Set([...known].filter(part => parts.has(part))) : parts);
  }
  return out;
}

const SIGNED = ['body', 'raw', 'query', 'files'];
