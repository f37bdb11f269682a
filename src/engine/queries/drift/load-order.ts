import { calleesOf, callsIn } from '../../link/call-index.ts';
import { eachExpr, eachExprIn } from '../../link/env.ts';
import { perFile } from '../../link/kept/per-file.ts';
import type { Model } from '../../link/model.ts';
import { resolveModule } from '../../link/modules.ts';
import type { Operation } from '../../link/operations.ts';
import type { DependencyFact, Expr, FileFacts } from '../../model/facts.ts';
import type { Span } from '../../model/span.ts';
import { startTexts } from '../service-packages.ts';

/** Packages that tracing patches while they are loaded. */
const PATCHED =
  /^(?:express|fastify|koa|@hapi\/hapi|restify|@nestjs\/core|pg|mysql2?|ioredis|redis|mongoose|mongodb|kafkajs|amqplib|undici|graphql|knex|@prisma\/client|tedious|memcached)$/;

/** Tracing that starts too late to see a package, or that nothing starts. */
export interface LateTracing {
  readonly problem: 'late' | 'unloaded';
  /** Where the package is loaded, or where tracing would start. */
  readonly span: Span;
  /** Where tracing starts. */
  readonly start: Span;
  readonly package: string;
  /** The import of the tracing module that comes too late, if it is one. */
  readonly move: { readonly file: string; readonly dependency: DependencyFact } | undefined;
}

export function lateTracing(model: Model): LateTracing[] {
  const starts = model.operations('telemetry-start').filter(start => traces(model, start));
  if (starts.length === 0) return [];
  const importers = importersOf(model, new Set(starts.map(start => baseOf(start.file))));
  const out = new Map<string, LateTracing>();
  for (const start of starts) {
    if (
      /(?:^|\/)(?:src\/)?instrumentation(?:[.-]node)?\.[jt]s$/.test(start.file) &&
      model.project.dependsOn(start.file, 'next')
    )
      continue;
    const found = inOwnFile(model, start) ?? inImporters(model, start, importers) ?? unloaded(model, start, importers);
    if (found && !out.has(start.file)) out.set(start.file, found);
  }
  return [...out.values()];
}

/** Sentry only patches modules where spans are asked for, and since version 8: before, it was handed the application. */
export function traces({ project }: Model, { is, args, file, callee }: Operation): boolean {
  if (is['vendor'] !== 'sentry') return true;
  const version = project.versionOf(file, callee.slice(0, callee.lastIndexOf('.')));
  if (version !== undefined && Number.parseInt(version, 10) < 8) return false;
  const options = args['options']?.value;
  return options?.k === 'object' && (options.props.has('tracesSampleRate') || options.props.has('tracesSampler'));
}

/** Imports of the file itself run before its first statement; `require` runs where it stands. */
function inOwnFile(model: Model, start: Operation): LateTracing | undefined {
  const facts = model.project.sources.get(start.file)!;
  const first = facts.dependencies.find(
    one =>
      isPatched(one) &&
      one.eager &&
      (one.kind === 'import' || one.p[0] < start.callSpan.start) &&
      !isErased(start.file, facts, one),
  );
  return first && late(start, start.file, first, undefined);
}

/** Files that load the tracing module: what they load before it is not traced. */
function inImporters(
  model: Model,
  start: Operation,
  importers: ReadonlyMap<string, readonly { file: string; dependency: DependencyFact }[]>,
): LateTracing | undefined {
  let found: LateTracing | undefined;
  for (const { file, dependency } of importers.get(start.file) ?? []) {
    if (!dependency.eager || !model.isJudged(file)) continue;
    const isCalled = start.fn.id !== 0;
    if (isCalled && !callsStart(model, file, start)) continue;
    const own = loadedBefore(model, start, file, dependency, isCalled);
    // Somebody loads it in time; the others come later.
    if (!own) return undefined;
    found ??= own;
  }
  return found;
}

/** What a file loads before tracing. Started by a call, every import of the caller runs first. */
function loadedBefore(
  model: Model,
  start: Operation,
  file: string,
  dependency: DependencyFact,
  isCalled: boolean,
): LateTracing | undefined {
  const facts = model.project.sources.get(file)!;
  for (const other of facts.dependencies) {
    if (!other.eager || other.typeOnly || other === dependency || isErased(file, facts, other)) continue;
    const before = other.p[0] < dependency.p[0] || (isCalled && other.kind === 'import');
    if (!before) continue;
    const found = isPatched(other) ? other.module : patchedBelow(model, file, other, new Set([start.file]));
    if (found !== undefined)
      return { ...late(start, file, other, isCalled ? undefined : { file, dependency }), package: found };
  }
  return undefined;
}

function callsStart(model: Model, file: string, start: Operation): boolean {
  const unit = model.program.units.get(file);
  const top = unit?.facts.functions[0];
  if (!unit || !top) return false;
  return callsIn(top).some(({ call }) => calleesOf(model.program, unit.env, call).some(one => one.fn === start.fn));
}

/** The first patched package that a module of the project loads, directly or through others. */
function patchedBelow(model: Model, from: string, dependency: DependencyFact, seen: Set<string>): string | undefined {
  const target = resolveModule(model.project, from, dependency.module);
  if (target.k !== 'file' || seen.has(target.path)) return undefined;
  seen.add(target.path);
  const facts = model.project.sources.get(target.path);
  for (const one of facts?.dependencies ?? []) {
    if (!one.eager || one.typeOnly || isErased(target.path, facts!, one)) continue;
    const found = isPatched(one) ? one.module : patchedBelow(model, target.path, one, seen);
    if (found !== undefined) return found;
  }
  return undefined;
}

function unloaded(
  model: Model,
  start: Operation,
  importers: ReadonlyMap<string, readonly { file: string }[]>,
): LateTracing | undefined {
  const unit = model.unitOf(start.file);
  const name = baseOf(start.file);
  const facts = model.project.sources.get(start.file)!;
  if (
    start.fn.id !== 0 ||
    importers.has(start.file) ||
    !unit ||
    unit.listens.length === 0 ||
    isEntry(unit.listens, start)
  )
    return undefined;
  const texts = [
    ...startTexts(model, unit),
    ...model.project.packages.flatMap(one => one.facts.scripts.map(({ command }) => command.value ?? '')),
  ];
  if (facts.broken === 'outside' || texts.some(text => text.includes(name)) || texts.length === 0) return undefined;
  return { problem: 'unloaded', span: start.span, start: start.span, package: name, move: undefined };
}

function isEntry(listens: readonly { readonly operation: Operation }[], start: Operation): boolean {
  return listens.some(({ operation }) => operation.file === start.file);
}

function late(start: Operation, file: string, dependency: DependencyFact, move: LateTracing['move']): LateTracing {
  const span = { file, start: dependency.p[0], end: dependency.p[1] };
  return { problem: 'late', span, start: start.span, package: dependency.module, move };
}

export function isPatched({ module, typeOnly }: DependencyFact): boolean {
  return !typeOnly && PATCHED.test(module);
}

/** An import of TypeScript whose names are only used as types: the compiler drops it. */
function isErased(file: string, facts: FileFacts, { kind, p }: DependencyFact): boolean {
  if (kind !== 'import' || !/\.[cm]?tsx?$/.test(file)) return false;
  const names = facts.imports.filter(one => one.mp[0] >= p[0] && one.mp[1] <= p[1]);
  return names.length > 0 && names.every(one => !usedAsValues(facts).has(one.local));
}

const usedAsValues = perFile((facts: FileFacts): ReadonlySet<string> => {
  const found = new Set<string>();
  const see = (e: Expr): void => {
    if (e.k === 'id') found.add(e.n);
    else if (e.k === 'jsx') found.add(e.tag.split('.')[0]!);
  };
  for (const fn of facts.functions) {
    eachExprIn(fn, see);
    for (const { d, decorators } of fn.params)
      for (const e of [d, ...(decorators ?? []).map(one => one.e)]) if (e) eachExpr(e, see);
  }
  for (const { ext, decorators, members } of facts.classes)
    for (const e of [
      ext,
      ...members.map(one => one.init),
      ...[...(decorators ?? []), ...members.flatMap(one => one.decorators ?? [])].map(one => one.e),
    ])
      if (e) eachExpr(e, see);
  for (const one of facts.exports) {
    if (one.k === 'local') found.add(one.local);
    else if (one.k === 'value') eachExpr(one.e, see);
  }
  return found;
});

/** Who imports a file, for files of these base names; a folder's index may be meant by the folder's name. */
function importersOf(
  model: Model,
  names: ReadonlySet<string>,
): Map<string, { file: string; dependency: DependencyFact }[]> {
  const out = new Map<string, { file: string; dependency: DependencyFact }[]>();
  const add = (file: string, facts: FileFacts): void => {
    for (const dependency of facts.dependencies) {
      if (dependency.typeOnly || !(names.has('index') || names.has(baseOf(dependency.module)))) continue;
      const target = resolveModule(model.project, file, dependency.module);
      if (target.k !== 'file') continue;
      const list = out.get(target.path);
      if (list) list.push({ file, dependency });
      else out.set(target.path, [{ file, dependency }]);
    }
  };
  for (const [file, facts] of model.project.sources) add(file, facts);
  return out;
}

function baseOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1).replace(/\.[cm]?[jt]sx?$/, '');
}
