import { type Flows, linkFlows } from '../flow/engine.ts';
import type { Adapters } from '../frameworks/registry.ts';
import type { FunctionFact } from '../model/facts.ts';
import { calleesOf, callsIn, operationsOf } from './call-index.ts';
import { type Consumer, linkConsumers } from './consumers.ts';
import { type Endpoint, isCalledByName } from './endpoint.ts';
import { linkEndpoints } from './endpoints.ts';
import { innerFunctions } from './env.ts';
import { isAlike, isAlikeRecord } from './kept/alike.ts';
import { createCells } from './kept/cells.ts';
import { createPassingCells } from './kept/passing-cells.ts';
import { rereadFiles } from './kept/per-file.ts';
import { doubtUnits, recheckUnits } from './kept/per-unit.ts';
import { createSlice, hasSameItems, keepAlike, keptUntilDropped, type Slice } from './kept/slices.ts';
import type { Harmless, Newcomers } from './kept/start-up.ts';
import type { Operation, OperationKind } from './operations.ts';
import { createProgram, type Program } from './program.ts';
import { createProject, type Project, type ProjectInput } from './project.ts';
import { isSameValue } from './same-value.ts';
import { type ServerlessHandler, serverlessHandlers } from './serverless.ts';
import { DEFAULT_SETTINGS, type ModelSettings } from './settings.ts';
import { staticEnvOf } from './signals.ts';
import { linkUnits, type Unit, type Units } from './units.ts';
import type { FuncValue } from './values.ts';

const REACH_DEPTH = 4;

/** A function that runs because a request (or a message, or a schedule) arrived. */
export interface Reached {
  readonly func: FuncValue;
  /** Calls between the handler and this function. */
  readonly depth: number;
  readonly endpoints: readonly Endpoint[];
  /** A platform may freeze or end the process as soon as the handler has answered. */
  readonly serverless: boolean;
}

/**
 * Everything rules may ask about a workspace. Slices are worked out on first use and kept, so a rule that is switched
 * off costs nothing.
 */
export interface Model {
  readonly project: Project;
  readonly program: Program;
  readonly settings: ModelSettings;
  /** What answers under a path of a server. */
  readonly endpoints: readonly Endpoint[];
  /** Root fields of GraphQL schemas, as endpoints: method QUERY, MUTATION or SUBSCRIPTION, the path the field's name. */
  readonly fields: readonly Endpoint[];
  /** Operations of a kind in files that are judged (tests, seeds, migrations, scripts … left out), in path order. */
  operations(...kinds: readonly OperationKind[]): readonly Operation[];
  /** Every operation of a file, judged or not. */
  operationsIn(file: string): readonly Operation[];
  /** Functions that configuration files name as handlers of a serverless platform. */
  readonly handlers: readonly ServerlessHandler[];
  /** Functions that take messages of a broker or jobs of a queue. */
  readonly consumers: readonly Consumer[];
  /** Functions in the way of a request, a message or an event, to a depth of four calls, by function. */
  readonly reached: ReadonlyMap<FunctionFact, Reached>;
  /** What is deployed on its own, joined with the artefacts that run it; `unitOf` gives the one a file belongs to. */
  readonly units: Units;
  unitOf(path: string): Unit | undefined;
  /** Ways of untrusted values to places where they do harm. */
  readonly flows: Flows;
  /** Milliseconds that flows took since the start or the last edit, if the settings bring a clock. */
  readonly flowTime: number;
  /** Works out what nearly every rule asks for but the flows, in an order that does not depend on the rules. */
  ready(): void;
  /** Works out anew what anybody asked for, after an edit that the program took over. */
  renew(): void;
  /** Whether a file is judged: `source` by role, or anything when all files are asked for. */
  isJudged(path: string): boolean;
}

/** `lives`: edits will follow, for `editModel`. */
export function createModel(
  input: ProjectInput,
  adapters: Adapters,
  settings: ModelSettings = DEFAULT_SETTINGS,
  previous?: Project,
  lives = false,
): Model {
  const project = createProject(input, previous);
  const program = createProgram(project, adapters, lives ? createCells() : createPassingCells());
  program.cells.watching(() => program.boot(settings.allFiles));
  return modelOf(project, program, settings);
}

/** What became of the bodies of functions. */
export interface BodyEdit {
  /** Those that differ, and those of functions that are gone. */
  readonly changed: readonly FunctionFact[];
  /** Those that say the same of functions that have another number now. */
  readonly renumbered: readonly FunctionFact[];
  readonly harmless: Harmless;
  /** Of every file in question, what came there. */
  readonly newcomers: readonly Newcomers[];
}

/**
 * Brings a model up to date after bodies of functions changed in place; false if the edit is not local.
 */
export function editModel(model: Model, { changed, renumbered, harmless, newcomers }: BodyEdit): boolean {
  const files = newcomers.map(({ facts }) => facts);
  const { cells } = model.program;
  const reread = rereadFiles(files);
  const { steps, stepLimit } = model.program;
  // Close to the limit even a statement that does nothing could make a difference.
  if (!cells.mayDrop(changed, steps < stepLimit / 2 ? harmless : undefined, reread, newcomers)) return false;
  doubtUnits(model.program, files);
  cells.drop([...changed, ...renumbered], new Set([...harmless.idle, ...renumbered]), reread, files);
  model.renew();
  recheckUnits(model, false);
  return true;
}

function modelOf(origin: Project, program: Program, settings: ModelSettings): Model {
  const { cells } = program;
  let project = origin;
  const slices: Omit<Slice<unknown>, 'get'>[] = [];
  const wholes = new Map<string, readonly object[]>();
  const slice = <T>(
    work: (before: T | undefined) => T,
    isSame?: (a: T, b: T) => boolean,
    at = slices.length,
  ): (() => T) => {
    const made = createSlice(cells, work, isSame);
    slices.splice(at, 0, made);
    return made.get;
  };
  const isJudged = (path: string): boolean => settings.allFiles || project.roleOf(path) === 'source';
  const linked = slice<readonly Endpoint[]>(
    before =>
      keepAlike(
        before,
        linkEndpoints(program, settings).filter(one => isJudged(one.span.file)),
        isSameEndpoint,
      ),
    hasSameItems,
  );
  const endpoints = slice(() => linked().filter(one => !isCalledByName(one)), hasSameItems);
  const fields = slice(() => linked().filter(isCalledByName), hasSameItems);
  const perUnit = slice(() => [...program.units.values()].map(unit => operationsOf(program, unit)), hasSameItems);
  const byKind = slice(
    () => {
      perUnit();
      return indexOperations(program, isJudged);
    },
    () => false,
  );
  const operations = new Map<OperationKind, () => readonly Operation[]>();
  // Kinds are asked for one by one, but brought up to date before whoever keeps what he made of them.
  const afterKinds = slices.length;
  const operationsOfKind = (kind: OperationKind): readonly Operation[] => {
    let own = operations.get(kind);
    if (!own) {
      own = slice(() => byKind().get(kind) ?? [], hasSameItems, afterKinds);
      operations.set(kind, own);
    }
    return own();
  };
  const handlers = slice(
    () =>
      keptUntilDropped(cells, wholes, 'handlers', () =>
        serverlessHandlers(program).filter(({ func }) => isJudged(func.file)),
      ) as readonly ServerlessHandler[],
    hasSameItems,
  );
  const consumers = slice(() => {
    const parts = (): Parameters<typeof linkConsumers> => [program, operationsOfKind('message-consume'), handlers()];
    // Asked first: if one of them says something else since an edit, the list that is kept is dropped by that.
    parts();
    return keptUntilDropped(cells, wholes, 'consumers', () =>
      linkConsumers(...parts()).filter(({ func }) => isJudged(func.file)),
    ) as readonly Consumer[];
  }, hasSameItems);
  const reached = slice(
    () => reach(program, rootsOf(model)),
    (a, b) => isSameReach(program, a, b),
  );
  const units = slice(
    () => linkUnits(model),
    (a, b) => isAlike(a.all, b.all) && isAlike(a.images, b.images),
  );
  let flowTime = 0;
  const flows = slice(
    () => {
      const started = settings.now?.() ?? 0;
      const found = linkFlows(model);
      flowTime += (settings.now?.() ?? 0) - started;
      return found;
    },
    (a, b) => isAlike(a.solution, b.solution),
  );
  const model: Model = {
    program,
    settings,
    isJudged,
    get project() {
      return project;
    },
    get endpoints() {
      return endpoints();
    },
    get fields() {
      return fields();
    },
    operations(...kinds) {
      return kinds.length === 1 ? operationsOfKind(kinds[0]!) : kinds.flatMap(operationsOfKind);
    },
    operationsIn(file) {
      perUnit();
      const unit = program.units.get(file);
      return unit ? operationsOf(program, unit) : [];
    },
    get flows() {
      return flows();
    },
    get flowTime() {
      return flowTime;
    },
    get units() {
      return units();
    },
    unitOf: path => units().of(path),
    get reached() {
      return reached();
    },
    get handlers() {
      return handlers();
    },
    get consumers() {
      return consumers();
    },
    ready() {
      for (const one of [linked, perUnit, handlers, consumers, reached, units]) one();
    },
    renew() {
      // Indexes over modules are kept by project.
      project = { ...project };
      flowTime = 0;
      do {
        for (const one of slices) one.expire();
        cells.apart(() => recheckUnits(model, true));
        for (const one of slices) one.renew();
      } while (!cells.isInOrder());
    },
  };
  return model;
}

/** Endpoints that are the same but for being made anew. */
function isSameEndpoint(a: Endpoint, b: Endpoint): boolean {
  return isAlikeRecord(a, b);
}

function isSameReach(
  program: Program,
  a: ReadonlyMap<FunctionFact, Reached>,
  b: ReadonlyMap<FunctionFact, Reached>,
): boolean {
  if (!hasSameItems([...a.keys()], [...b.keys()])) return false;
  for (const [fn, one] of a) {
    const other = b.get(fn)!;
    if (!isSameValue(program, one.func, other.func) || one.depth !== other.depth || one.serverless !== other.serverless)
      return false;
    if (!hasSameItems(one.endpoints, other.endpoints)) return false;
  }
  return true;
}

function indexOperations(program: Program, isJudged: (path: string) => boolean): Map<OperationKind, Operation[]> {
  const out = new Map<OperationKind, Operation[]>();
  for (const unit of program.units.values()) {
    if (!isJudged(unit.path)) continue;
    for (const operation of operationsOf(program, unit)) {
      const list = out.get(operation.kind);
      if (list) list.push(operation);
      else out.set(operation.kind, [operation]);
    }
  }
  return out;
}

interface Root {
  readonly func: FuncValue;
  readonly endpoint: Endpoint | undefined;
  readonly serverless: boolean;
}

function rootsOf({ endpoints, fields, consumers, handlers }: Model): Root[] {
  const bare = { endpoint: undefined, serverless: false };
  return [
    ...[...endpoints, ...fields].flatMap(endpoint =>
      endpoint.handler ? [{ func: endpoint.handler, endpoint, serverless: false }] : [],
    ),
    ...consumers.map(({ func }) => ({ ...bare, func })),
    ...handlers.map(({ func }) => ({ ...bare, func, serverless: true })),
  ];
}

function reach(program: Program, roots: readonly Root[]): Map<FunctionFact, Reached> {
  const out = new Map<FunctionFact, { func: FuncValue; depth: number; endpoints: Endpoint[]; serverless: boolean }>();
  const nexts = new Map<FunctionFact, readonly Next[]>();
  for (const { func: root, endpoint, serverless } of roots) {
    const queue: [FuncValue, number][] = [[root, 0]];
    const seen = new Set<FunctionFact>();
    for (let at = 0; at < queue.length; at++) {
      const [func, depth] = queue[at]!;
      if (seen.has(func.fn)) continue;
      seen.add(func.fn);
      const known = out.get(func.fn);
      if (known) {
        if (endpoint) known.endpoints.push(endpoint);
        known.depth = Math.min(known.depth, depth);
        known.serverless ||= serverless;
      } else out.set(func.fn, { func, depth, endpoints: endpoint ? [endpoint] : [], serverless });
      let next = nexts.get(func.fn);
      if (!next) {
        next = keptNext(program, func);
        nexts.set(func.fn, next);
      }
      for (const { callee, step } of next) if (depth + step <= REACH_DEPTH) queue.push([callee, depth + step]);
    }
  }
  return out;
}

interface Next {
  readonly callee: FuncValue;
  /** 1 for a call, 0 for a function written inside. */
  readonly step: number;
}

interface KeptNext {
  readonly func: FuncValue;
  readonly next: readonly Next[];
}

const steps = new WeakMap<Program, Map<FunctionFact, KeptNext>>();

/** Where a function leads, kept while it is asked for with the same variables and the same `this`. */
function keptNext(program: Program, func: FuncValue): readonly Next[] {
  const known = steps.get(program) ?? new Map<FunctionFact, KeptNext>();
  steps.set(program, known);
  const found = known.get(func.fn);
  if (found?.func.env === func.env && found.func.self === func.self) return found.next;
  const before = program.cells.open(known, func.fn);
  program.cells.read(func.fn);
  const next = nextOf(program, func);
  known.set(func.fn, { func, next });
  program.cells.keep(known, func.fn);
  program.cells.leave(before);
  return next;
}

function nextOf(program: Program, func: FuncValue): Next[] {
  const env = staticEnvOf(program, func);
  const called = callsIn(func.fn).flatMap(({ call }) => calleesOf(program, env, call));
  const inner = innerFunctions(env.unit.facts, func.fn).map(fn => ({ ...func, fn, env }));
  return [...called.map(callee => ({ callee, step: 1 })), ...inner.map(callee => ({ callee, step: 0 }))];
}
