import { folderOf } from '../../common/path.ts';
import { callsIn } from '../link/call-index.ts';
import type { ModelSettings } from '../link/settings.ts';
import { alternatives, type FileUnit, type Value } from '../link/values.ts';
import type { ExprOf, FunctionFact } from '../model/facts.ts';
import { EVERYTHING, type Mask, maskOf, type SinkKind } from './kinds.ts';
import { packageOf } from './sinks.ts';
import type { Walk } from './walk.ts';

type FlowSettings = NonNullable<ReturnType<ModelSettings['configOf']>['flow']>;

/** What the settings of a folder say about the function that a call calls. */
export interface TaughtCall {
  readonly source: 'remote' | 'model' | undefined;
  readonly sinks: readonly { readonly kind: SinkKind; readonly argument: number | undefined }[];
  /** What its result, or its yes, is harmless for. */
  readonly clean: Mask;
}

/** Functions that the settings name, by the folder of the file that calls them. */
export interface TaughtFlow {
  /** What is said about the callee; undefined where nothing is. */
  at(walk: Walk, call: ExprOf<'call'>, callee: Value): TaughtCall | undefined;
  /** Whether a function calls one that gives untrusted values. */
  readsSource(unit: FileUnit, fn: FunctionFact): boolean;
  /** Equal for settings that say the same. */
  readonly key: string;
}

/** Undefined where no settings say anything. */
export function taughtFlow(settings: ModelSettings, files: Iterable<string>): TaughtFlow | undefined {
  const byFolder = new Map<string, FlowSettings | undefined>();
  for (const file of files) {
    const folder = folderOf(file);
    if (!byFolder.has(folder)) byFolder.set(folder, settings.configOf(folder).flow);
  }
  const said = [...byFolder].filter(([, flow]) => flow);
  if (said.length === 0) return undefined;
  return {
    key: JSON.stringify(said.sort(([a], [b]) => (a < b ? -1 : 1))),
    at(walk, call, callee) {
      const flow = byFolder.get(folderOf(walk.env.unit.path));
      return flow && taughtCall(flow, walk, call, callee);
    },
    readsSource({ path }, fn) {
      const sources = byFolder.get(folderOf(path))?.sources ?? [];
      if (sources.length === 0) return false;
      const names = new Set(sources.map(({ call }) => lastName(call)));
      return callsIn(fn).some(({ call: { f } }) => (f.k === 'mem' || f.k === 'id') && names.has(f.n));
    },
  };
}

function taughtCall(flow: FlowSettings, walk: Walk, call: ExprOf<'call'>, callee: Value): TaughtCall | undefined {
  const named = (entry: { readonly call: string }): boolean =>
    alternatives(callee).some(one => isNamed(entry.call, walk, call, one));
  const source = flow.sources?.find(named);
  const sinks = (flow.sinks ?? []).filter(named);
  const sanitizers = (flow.sanitizers ?? []).filter(named);
  if (!source && sinks.length === 0 && sanitizers.length === 0) return undefined;
  return {
    source: source && (source.from === 'model' ? 'model' : 'remote'),
    sinks: sinks.map(({ kind, argument }) => ({ kind, argument })),
    clean: sanitizers.reduce((mask, one) => mask | (one.for ? maskOf(...one.for) : EVERYTHING), 0),
  };
}

/** `runSql`, `src/db.ts#runSql`, `src/db.ts#Db.run`, `@acme/db#run`. */
function isNamed(entry: string, walk: Walk, { f }: ExprOf<'call'>, callee: Value): boolean {
  const hash = entry.indexOf('#');
  const place = hash === -1 ? undefined : entry.slice(0, hash);
  const name = lastName(entry);
  if (callee.k === 'func') {
    const { file, fn, env } = callee;
    if (fn.name !== name || (place !== undefined && place !== file)) return false;
    const owner = /([\w$]+)\.[\w$]+$/.exec(entry.slice(hash + 1))?.[1];
    return owner === undefined || env.unit.facts.classes.some(({ id, name: own }) => id === fn.cls && own === owner);
  }
  if (callee.k === 'api') {
    const path = walk.solver.adapters.canonical(callee.path);
    return lastName(path) === name && (place === undefined || packageOf(path) === place);
  }
  return place === undefined && (f.k === 'mem' || f.k === 'id') && f.n === name;
}

function lastName(entry: string): string {
  return /[\w$-]+(?=(?:\(\))*$)/.exec(entry)?.[0] ?? entry;
}
