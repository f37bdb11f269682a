import { type Flows, linkFlows } from '../flow/engine.ts';
import type { Adapters } from '../frameworks/registry.ts';
import type { FunctionFact } from '../model/facts.ts';
import { calleesOf, callsIn, operationsOf } from './call-index.ts';
import { type Consumer, linkConsumers } from './consumers.ts';
import { type Endpoint, isCalledByName } from './endpoint.ts';
import { linkEndpoints } from './endpoints.ts';
import { innerFunctions } from './env.ts';
import type { Operation, OperationKind } from './operations.ts';
import { createProgram, type Program } from './program.ts';
import { createProject, type Project, type ProjectInput } from './project.ts';
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
  /** Whether a file is judged: `source` by role, or anything when all files are asked for. */
  isJudged(path: string): boolean;
}

export function createModel(
  input: ProjectInput,
  adapters: Adapters,
  settings: ModelSettings = DEFAULT_SETTINGS,
  previous?: Project,
): Model {
  const project = createProject(input, previous);
  const program = createProgram(project, adapters);
  program.boot();
  return modelOf(project, program, settings);
}

/**
 * The model after bodies of functions were changed in place, over the same program: every slice is put together anew
 * from what the edit left standing. Undefined if the edit is not local.
 */
export function editModel(
  { project, program }: Model,
  changed: readonly FunctionFact[],
  settings: ModelSettings,
): Model | undefined {
  // Indexes over bodies are kept by project.
  return program.cells.drop(changed) ? modelOf({ ...project }, program, settings) : undefined;
}

function modelOf(project: Project, program: Program, settings: ModelSettings): Model {
  let linked: readonly Endpoint[] | undefined;
  let endpoints: readonly Endpoint[] | undefined;
  let fields: readonly Endpoint[] | undefined;
  let operations: Map<OperationKind, Operation[]> | undefined;
  let reached: ReadonlyMap<FunctionFact, Reached> | undefined;
  let units: Units | undefined;
  let flows: Flows | undefined;
  let handlers: readonly ServerlessHandler[] | undefined;
  let consumers: readonly Consumer[] | undefined;
  const isJudged = (path: string): boolean => settings.allFiles || project.roleOf(path) === 'source';
  const all = (): readonly Endpoint[] => {
    linked ??= linkEndpoints(program, settings).filter(endpoint => isJudged(endpoint.span.file));
    return linked;
  };
  const model: Model = {
    project,
    program,
    settings,
    isJudged,
    get endpoints() {
      endpoints ??= all().filter(one => !isCalledByName(one));
      return endpoints;
    },
    get fields() {
      fields ??= all().filter(isCalledByName);
      return fields;
    },
    operations(...kinds) {
      operations ??= indexOperations(program, isJudged);
      if (kinds.length === 1) return operations.get(kinds[0]!) ?? [];
      return kinds.flatMap(kind => operations!.get(kind) ?? []);
    },
    operationsIn(file) {
      const unit = program.units.get(file);
      return unit ? operationsOf(program, unit) : [];
    },
    get flows() {
      flows ??= linkFlows(model);
      return flows;
    },
    get units() {
      units ??= linkUnits(model);
      return units;
    },
    unitOf: path => model.units.of(path),
    get reached() {
      reached ??= reach(program, rootsOf(model));
      return reached;
    },
    get handlers() {
      handlers ??= serverlessHandlers(program).filter(({ func }) => isJudged(func.file));
      return handlers;
    },
    get consumers() {
      consumers ??= linkConsumers(program, model.operations('message-consume'), model.handlers).filter(({ func }) =>
        isJudged(func.file),
      );
      return consumers;
    },
  };
  return model;
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
  const before = program.cells.enter(func.fn);
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
