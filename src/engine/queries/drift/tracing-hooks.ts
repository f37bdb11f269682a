import { evaluate } from '../../link/evaluate.ts';
import type { Model } from '../../link/model.ts';
import { resolveModule } from '../../link/modules.ts';
import type { Operation } from '../../link/operations.ts';
import type { Unit } from '../../link/units.ts';
import { writtenOptions } from '../../link/written-options.ts';
import type { DependencyFact, FileFacts } from '../../model/facts.ts';
import type { Evidence } from '../../model/finding.ts';
import type { Span } from '../../model/span.ts';
import { startTexts } from '../service-packages.ts';
import { isPatched, traces } from './load-order.ts';

/** Tracing whose patches cannot reach what the program loads: imports without a hook, or code in one bundle. */
export interface UnhookedTracing {
  readonly problem: 'unhooked' | 'bundled';
  readonly span: Span;
  readonly package: string;
  readonly tool: string;
  readonly evidence: readonly Evidence[];
}

/** Commands that hook in by themselves, that run another runtime, or that may change what is loaded and how. */
const HOOKS =
  /--import\b|--(?:experimental-)?loader\b|--require\b|\s-r\s|hook\.m?js|\b(?:bun|deno|next|nuxt|nitro|vinxi|remix|astro|wrangler|vite-node)\b/;
const BUILDS = /\b(?:esbuild|tsup|webpack|rollup|rolldown|ncc|rspack|parcel|swc|babel|unbuild|pkgroll|vite)\b/;
const STARTS = /(?:^|[\s/"'])(?:node|nodejs|pm2|pm2-runtime|nodemon)\s/;
/** Packages and modules that make imports of ES modules visible to tracing. */
const REGISTERS =
  /^(?:import-in-the-middle|@opentelemetry\/instrumentation\/hook|dd-trace\/(?:initialize|register|loader-hook)|elastic-apm-node\/loader)/;
const BUNDLE_PLUGIN = /opentelemetry-esbuild|esbuild-plugin.*(?:otel|opentelemetry)|dd-trace\/esbuild/;

export function unhookedTracing(model: Model): UnhookedTracing[] {
  const out = new Map<Unit, UnhookedTracing>();
  for (const start of model.operations('telemetry-start')) {
    const unit = model.isJudged(start.file) ? model.unitOf(start.file) : undefined;
    if (!unit || unit.listens.length === 0 || out.has(unit) || !patches(model, start)) continue;
    const own = [...model.project.sources].filter(([file]) => model.unitOf(file) === unit);
    const loaded = firstPatched(model, own);
    const found = loaded && (bundled(model, own, unit, start, loaded) ?? unhooked(model, own, unit, start, loaded));
    if (found) out.set(unit, found);
  }
  return [...out.values()];
}

/** Only what is told to instrument packages patches any. */
function patches(model: Model, start: Operation): boolean {
  if (!traces(model, start)) return false;
  if (!start.callee.endsWith('NodeSDK#start')) return true;
  const callee = evaluate(model.program, start.site.env, start.site.call.f);
  const [options] = (callee.k === 'api' && callee.from?.made?.args) || [];
  return options?.k === 'object' && options.props.has('instrumentations');
}

interface Loaded {
  readonly file: string;
  readonly dependency: DependencyFact;
}

function firstPatched(model: Model, own: readonly (readonly [string, FileFacts])[]): Loaded | undefined {
  for (const [file, facts] of own) {
    if (!model.isJudged(file)) continue;
    const dependency = facts.dependencies.find(one => one.kind === 'import' && one.eager && isPatched(one));
    if (dependency) return { file, dependency };
  }
  return undefined;
}

function unhooked(
  model: Model,
  own: readonly (readonly [string, FileFacts])[],
  unit: Unit,
  start: Operation,
  { file, dependency }: Loaded,
): UnhookedTracing | undefined {
  const isModule = unit.package?.facts.type?.value === 'module' || /\.m[jt]s$/.test(file);
  const texts = [
    ...startTexts(model, unit),
    ...model.project.packages.flatMap(one => one.facts.scripts.map(({ command }) => command.value ?? '')),
  ];
  if (!isModule || !texts.some(text => STARTS.test(text))) return undefined;
  if (texts.some(text => HOOKS.test(text) || BUILDS.test(text)) || own.some(([, facts]) => registers(facts)))
    return undefined;
  const span = { file, start: dependency.p[0], end: dependency.p[1] };
  return {
    problem: 'unhooked',
    span: start.span,
    package: dependency.module,
    tool: '',
    evidence: [{ span, message: 'an import that tracing does not see' }],
  };
}

/** `register('import-in-the-middle/hook.mjs', import.meta.url)`, or a package that does it. */
function registers({ imports, dependencies }: FileFacts): boolean {
  return (
    imports.some(({ module, name }) => /^(?:node:)?module$/.test(module) && /^(?:register|default|\*)/.test(name)) ||
    dependencies.some(({ module }) => REGISTERS.test(module))
  );
}

/** One file that holds its packages: nothing is loaded by a name any more. */
function bundled(
  model: Model,
  own: readonly (readonly [string, FileFacts])[],
  unit: Unit,
  start: Operation,
  { dependency }: Loaded,
): UnhookedTracing | undefined {
  const facts = unit.package?.facts;
  if (!facts || facts.dependencies.some(({ name }) => BUNDLE_PLUGIN.test(name.value))) return undefined;
  if (own.some(([, one]) => one.dependencies.some(({ module }) => BUNDLE_PLUGIN.test(module)))) return undefined;
  const found = { problem: 'bundled', span: start.span, package: dependency.module } as const;
  for (const { command } of facts.scripts) {
    const tool = bundlerOf(command.value ?? '');
    if (!tool || bundlesAnother(model, command.value ?? '', unit.folder, start.file)) continue;
    const span = { file: unit.package!.path, start: command.start, end: command.end };
    return { ...found, tool, evidence: [{ span, message: 'the bundle is made here' }] };
  }
  for (const [file, one] of own.filter(([path]) => model.isJudged(path)))
    for (const { object, np } of writtenOptions(one).get('bundle') ?? []) {
      const says = (name: string, text?: string): boolean =>
        object?.props.some(
          prop =>
            prop.k === 'prop' && prop.n === name && (text === undefined || (prop.v.k === 'str' && prop.v.v === text)),
        ) === true;
      const isWhole = object?.props.some(
        prop => prop.k === 'prop' && prop.n === 'bundle' && prop.v.k === 'bool' && prop.v.v,
      );
      if (!isWhole || object?.props.some(prop => prop.k !== 'prop')) continue;
      if (!says('platform', 'node') || says('packages') || says('external') || says('plugins')) continue;
      const span = { file, start: np[0], end: np[1] };
      return { ...found, tool: 'esbuild', evidence: [{ span, message: 'the bundle is made here' }] };
    }
  return undefined;
}

/** It says which file it begins with, and nothing that this loads starts tracing: a worker, a script beside the server. */
function bundlesAnother({ project }: Model, command: string, folder: string, tracing: string): boolean {
  const given = [...command.matchAll(/(?:^|\s)(?:\.\/)?([\w./-]+\.[cm]?[jt]sx?)(?=\s|$)/g)]
    .map(([, path]) => (folder ? `${folder}/${path}` : path!))
    .filter(path => project.sources.has(path));
  const seen = new Set(given);
  for (const path of seen)
    for (const { module, typeOnly } of project.sources.get(path)?.dependencies ?? []) {
      const target = typeOnly ? undefined : resolveModule(project, path, module);
      if (target?.k === 'file') seen.add(target.path);
    }
  return given.length > 0 && !seen.has(tracing);
}

/** The tool of a command that takes packages into the bundle. */
function bundlerOf(command: string): string | undefined {
  if (/\bncc\s+build\b/.test(command)) return /\s(?:-e|--external)\b/.test(command) ? undefined : 'ncc';
  const isWhole = /\besbuild\b/.test(command) && /--bundle\b/.test(command) && /--platform=node\b/.test(command);
  return isWhole && !/--packages[= ]external|--external:/.test(command) ? 'esbuild' : undefined;
}
