import { posix } from 'node:path';
import { folderOf } from '../../common/path.ts';
import type { FunctionEvent } from '../model/artefacts/serverless.ts';
import type { Setting } from '../model/document.ts';
import type { Span } from '../model/span.ts';
import { resolveModule } from './modules.ts';
import type { Program } from './program.ts';
import { alternatives, type FuncValue, type Value } from './values.ts';

/** A function that a platform runs per event, as a configuration file names it. */
export interface ServerlessHandler {
  readonly name: string;
  readonly platform: 'lambda' | 'worker';
  readonly func: FuncValue;
  /** False if it is wrapped by a call, which may change how it is called. */
  readonly direct: boolean;
  /** Major version of the Node.js runtime, if stated. */
  readonly node: number | undefined;
  /** Types of its events: `http`, `sqs` … */
  readonly events: readonly string[];
  /** Where the configuration names it. */
  readonly span: Span;
}

/** Handlers of serverless.yml, SAM templates and Wrangler configurations that are found in the workspace. */
export function serverlessHandlers(program: Program): readonly ServerlessHandler[] {
  return [...serverlessFramework(program), ...sam(program), ...workers(program)];
}

function* serverlessFramework(program: Program): Iterable<ServerlessHandler> {
  for (const { path, facts } of program.project.artefactsOf('serverless')) {
    const provider = facts.provider.name?.value;
    if (provider !== undefined && provider !== 'aws') continue;
    for (const { name, handler, runtime, events } of facts.functions) {
      if (typeof handler?.value !== 'string') continue;
      const node = nodeMajor(runtime ?? facts.provider.runtime);
      const span = { file: path, start: handler.start, end: handler.end };
      yield* lambda(program, name.value, folderOf(path), handler.value, node, events, span);
    }
  }
}

function* sam(program: Program): Iterable<ServerlessHandler> {
  for (const { path, facts } of program.project.artefactsOf('sam')) {
    for (const {
      id,
      handler = facts.globals.handler,
      codeUri = facts.globals.codeUri,
      runtime,
      events,
    } of facts.functions) {
      if (typeof handler?.value !== 'string' || codeUri?.value === null) continue;
      const node = nodeMajor(runtime ?? facts.globals.runtime);
      const folder = posix.join(folderOf(path), codeUri?.value ?? '');
      const span = { file: path, start: handler.start, end: handler.end };
      yield* lambda(program, id.value, folder, handler.value, node, events, span);
    }
  }
}

/** `folder/file.exportedName`. */
function* lambda(
  program: Program,
  name: string,
  folder: string,
  handler: string,
  node: number | undefined,
  events: readonly FunctionEvent[],
  span: Span,
): Iterable<ServerlessHandler> {
  const types = events.map(event => event.type.value);
  for (const { func, direct } of namedFunctions(program, folder, handler))
    yield { name, platform: 'lambda', func, direct, node, events: types, span };
}

function namedFunctions(program: Program, folder: string, handler: string): readonly Found[] {
  const dot = handler.lastIndexOf('.');
  const target = resolveModule(program.project, posix.join(folder, 'serverless'), `./${handler.slice(0, dot)}`);
  if (dot === -1 || target.k !== 'file') return [];
  return functionsOf(program.exported(target.path, handler.slice(dot + 1)));
}

/** The function that a setting names: `folder/file.exportedName`. */
export function functionAt(program: Program, folder: string, handler: Setting | undefined): Found | undefined {
  return handler?.value == null ? undefined : namedFunctions(program, folder, handler.value)[0];
}

const WORKER_EVENTS = ['fetch', 'scheduled', 'queue', 'email'];

function* workers(program: Program): Iterable<ServerlessHandler> {
  for (const { path, facts } of program.project.artefactsOf('wrangler')) {
    const main = facts.main?.value;
    if (!main) continue;
    const target = resolveModule(
      program.project,
      posix.join(folderOf(path), 'wrangler'),
      `./${main.replace(/^\.\//, '')}`,
    );
    if (target.k !== 'file') continue;
    const exported = program.exported(target.path, 'default');
    if (exported.k !== 'object') continue;
    const span = { file: path, start: facts.main!.start, end: facts.main!.end };
    for (const event of WORKER_EVENTS)
      for (const { func, direct } of functionsOf(exported.props.get(event)))
        yield { name: event, platform: 'worker', func, direct, node: undefined, events: [event], span };
  }
}

export type Found = Pick<ServerlessHandler, 'func' | 'direct'>;

/** The function itself, or the one that a wrapper was called with. */
export function functionsOf(value: Value | undefined): readonly Found[] {
  return alternatives(value ?? { k: 'unknown' }).flatMap((one): Found[] => {
    if (one.k === 'func') return [{ func: one, direct: true }];
    // `middy(handler).use(…)`: the function went in where the chain began.
    for (let at = one.k === 'api' ? one : undefined, depth = 0; at && depth < 12; at = at.from, depth++) {
      const wrapped = at.made?.args.find(arg => arg.k === 'func');
      if (wrapped?.k === 'func') return [{ func: wrapped, direct: false }];
    }
    return [];
  });
}

function nodeMajor(runtime: Setting | undefined): number | undefined {
  const major = /^nodejs(\d+)/.exec(runtime?.value ?? '')?.[1];
  return major === undefined ? undefined : Number(major);
}
