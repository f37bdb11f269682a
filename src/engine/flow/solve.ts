import type { Endpoint } from '../link/endpoint.ts';
import { createEnv } from '../link/env.ts';
import { keptAsWhole } from '../link/kept/slices.ts';
import type { Model } from '../link/model.ts';
import type { Operation } from '../link/operations.ts';
import type { Program } from '../link/program.ts';
import { secretColumns } from '../link/secret-columns.ts';
import { uniqueFields } from '../link/unique-fields.ts';
import type { Env, FuncValue } from '../link/values.ts';
import type { ExprOf } from '../model/facts.ts';
import { comparePlaces } from '../model/span.ts';
import { checkedParts } from './checked.ts';
import { finishClosures } from './closures.ts';
import { hitsOfCallers } from './entry-hits.ts';
import { createRun, type EntryRun } from './entry-run.ts';
import { type Flow, flowFrom } from './flow.ts';
import { type Entries, type Entry, keptEntries, prune } from './kept.ts';
import { LEFT_LIMIT, leaving, leftBy } from './left.ts';
import { OPTION_SINKS } from './models/option-sinks.ts';
import { OPERATION_SINKS } from './models/sinks.ts';
import type { Profile } from './profile.ts';
import { recheckEntries } from './recheck.ts';
import { askers, checkedByWrappers, requestPaths, rootsOf } from './roots.ts';
import { paramTaint } from './sources.ts';
import { newState, type Proof } from './state.ts';
import { walkBody } from './statements.ts';
import { type Guards, hitKey, isUndecided } from './summary.ts';
import { CLEAN, everything, type Origin } from './taint.ts';
import { bind } from './targets.ts';
import { type TaughtFlow, taughtFlow } from './taught.ts';
import { rawTemplates } from './template-sinks.ts';
import type { Exit, Solver, Walk } from './walk.ts';
import { hitsOfWays } from './ways.ts';

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

const solutions = new WeakMap<Program, Map<string, Solution>>();

/** Follows untrusted values through the whole program; what an edit leaves alone is not gone through again. */
export function solve(model: Model, profile: Profile): Solution {
  const { program } = model;
  const taught = taughtFlow(model.settings, program.units.keys());
  const key = taught?.key ?? '';
  const kept = keptEntries(program, key);
  const known = solutions.get(program) ?? new Map<string, Solution>();
  solutions.set(program, known);
  // What a function does that nobody but its callers knew is part of the solution as well.
  let trial: ReturnType<typeof starter> | undefined;
  const tryOut = (): EntryRun => {
    trial ??= starter(model, kept, taught, profile);
    return trial(true).run;
  };
  if (!recheckEntries(program, tryOut)) program.cells.discard(known, key);
  return keptAsWhole(program.cells, known, key, () => {
    const start = starter(model, kept, taught, profile);
    const solution = solveOnce(model, kept, start());
    if (solution) return solution;
    // What was kept did not fit together.
    kept.clear();
    return solveOnce(model, kept, start())!;
  });
}

interface Start {
  readonly run: EntryRun;
  readonly solver: Solver;
}

function starter(
  model: Model,
  kept: Entries,
  taught: TaughtFlow | undefined,
  profile: Profile,
): (isTrial?: boolean) => Start {
  const { program } = model;
  const operations = indexOperations(model);
  const requests = requestPaths(model);
  const checked = checkedParts([...model.endpoints, ...model.fields]);
  for (const fn of checkedByWrappers(model)) checked.set(fn, new Set([...(checked.get(fn) ?? []), ...CHECKED]));
  const about: Omit<Solver, 'found' | 'summaryOf'> = {
    program,
    adapters: program.adapters,
    secretColumn: secretColumns(model),
    uniqueFields: uniqueFields(model),
    templates: rawTemplates(model.project),
    taught,
    operationsAt: call => operations.get(call) ?? [],
    isRequest: path => requests.has(path),
  };
  return (isTrial = false) => {
    const walk = (entry: Entry): void => profile.run(entry.func, () => walkFunction(solver, entry));
    const run = createRun({ program, kept, checked, walk }, isTrial);
    const solver: Solver = { ...about, found: run.found, summaryOf: run.summaryOf };
    return { run, solver };
  };
}

/** Undefined if summaries that were kept did not fit together. */
function solveOnce(model: Model, kept: Entries, { run, solver }: Start): Solution | undefined {
  const { memo } = run;
  const roots = rootsOf(model, solver);
  for (const { func, given } of roots) solver.summaryOf(func, given);
  askers(model, memo, func => solver.summaryOf(func));
  const called = hitsOfCallers(model, solver, new Set(roots.map(({ func }) => func.fn)));
  const ways = hitsOfWays(model, solver);
  prune(model.program, kept, memo);
  if (run.isBroken) return undefined;
  const hits = [...run.hits.values(), ...called, ...ways.hits];
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
    functions: run.functions,
    cut: run.cut + ways.cut + cutIn(memo),
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

function walkFunction(solver: Solver, { func, given, summary, checked }: Entry): void {
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
    writesOnRequest: false,
    passes: [],
    leftLater: [],
  };
  func.fn.params.forEach((param, index) => {
    const taint = paramTaint(walk, param, index, checked);
    bindParam(walk, param.pat, taint);
  });
  walkBody(walk, func.fn.body);
  finishClosures(walk);
  summary.thrown = walk.thrown;
  summary.throws = !walk.open && walk.exits.length === 0 && !func.fn.generator;
  if (walk.open) walk.exits.push({ proved: walk.state.proved, says: false, leaving: leaving(walk) });
  summary.whenTrue = common(walk.exits.filter(exit => exit.says !== false));
  summary.whenFalse = common(walk.exits.filter(exit => exit.says !== true));
  summary.whenDone = common(walk.exits);
  leave(walk);
}

/** What those who get the request next find on it; how a step tells that they may have it is up to the library. */
function leave({ passes, exits, leftLater, summary }: Walk): void {
  const isAsked = exits.some(({ says }) => says === true);
  const isPassing = ({ says }: Exit): boolean => !isAsked || says !== false;
  const ways = passes.length > 0 ? passes : exits.filter(isPassing).map(exit => exit.leaving);
  const left = [...leftBy(ways), ...leftLater];
  summary.left.push(...left.slice(0, LEFT_LIMIT));
  summary.cut += Math.max(0, left.length - LEFT_LIMIT);
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
    if (!isUndecided(proof.origin.root)) continue;
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

const CHECKED = ['body', 'query', 'params'];
