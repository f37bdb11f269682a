import { posix } from 'node:path';
import type { Span } from '../model/span.ts';
import type { Program } from './program.ts';
import { serverlessHandlers } from './serverless.ts';
import { alternatives, type FuncValue, type Value } from './values.ts';

/** A function that a platform at the edge runs for requests. */
export interface WorkerEntry {
  readonly func: FuncValue;
  readonly span: Span;
  /** The path that a file's place gives; undefined for a worker, which gets every request. */
  readonly mount: string | undefined;
  readonly methods: readonly string[];
  readonly partial?: string;
}

/** `fetch` of workers that a configuration names, and the files of Pages functions. */
export function workerEntries(program: Program): WorkerEntry[] {
  const fetches = serverlessHandlers(program).filter(one => one.platform === 'worker' && one.name === 'fetch');
  const seen = new Set<FuncValue['fn']>();
  const workers = fetches.flatMap(({ func }): WorkerEntry[] => {
    if (seen.has(func.fn)) return [];
    seen.add(func.fn);
    const span = { file: func.file, start: func.fn.np[0], end: func.fn.np[1] };
    return [{ func, span, mount: undefined, methods: ['ALL'] }];
  });
  return [...workers, ...pagesEntries(program)];
}

const PAGES_FILE = /^functions\/(.+)\.[cm]?[jt]sx?$/;
const EXPORT = /^onRequest(Get|Post|Put|Patch|Delete|Head|Options)?$/;

function* pagesEntries({ project, units, exported }: Program): Iterable<WorkerEntry> {
  for (const unit of units.values()) {
    const folder = project.packageOf(unit.path)?.folder ?? '';
    const local = PAGES_FILE.exec(folder ? posix.relative(folder, unit.path) : unit.path)?.[1];
    if (local === undefined || local.endsWith('_middleware')) continue;
    for (const { name, p } of unit.facts.exports) {
      const verb = EXPORT.exec(name);
      if (!verb) continue;
      for (const func of functionsIn(exported(unit.path, name)))
        yield {
          func,
          span: { file: unit.path, start: p[0], end: p[1] },
          mount: mountOf(local),
          methods: [verb[1]?.toUpperCase() ?? 'ALL'],
          ...(middlewareAbove(units, unit.path) ? { partial: 'middleware of its folder runs before it' } : {}),
        };
    }
  }
}

function middlewareAbove(units: Program['units'], path: string): boolean {
  for (let at = posix.dirname(path); at !== '.' && at !== '/'; at = posix.dirname(at))
    if (['ts', 'js', 'tsx', 'jsx'].some(extension => units.has(`${at}/_middleware.${extension}`))) return true;
  return false;
}

/** `api/[id]/index` as `/api/:id`, `[[rest]]` as everything below. */
function mountOf(local: string): string {
  const parts = local.split('/').map(part => part.replace(/^\[\[(\w+)\]\]$/, '*$1').replace(/^\[(\w+)\]$/, ':$1'));
  if (parts.at(-1) === 'index') parts.pop();
  return `/${parts.join('/')}`;
}

export function functionsIn(value: Value): FuncValue[] {
  return alternatives(value).flatMap(one => {
    if (one.k === 'array') return one.items.slice(-1).flatMap(functionsIn);
    return one.k === 'func' ? [one] : [];
  });
}
