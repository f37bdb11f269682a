import { posix } from 'node:path';
import { folderOf, isInside } from '../../../common/path.ts';
import type { Model } from '../../link/model.ts';
import { resolveModule } from '../../link/modules.ts';
import type { WranglerFacts } from '../../model/artefacts/serverless.ts';
import type { Expr, FileFacts, Stmt } from '../../model/facts.ts';
import type { Span } from '../../model/span.ts';
import { type ModuleEdge, moduleGraph, wayTo } from '../module-graph.ts';
import { type Lack, lackInNext, lackInWorker, type WorkerSetup } from './edge-support.ts';

/** A module that code at the edge loads although the runtime there does not have it. */
export interface EdgeLack {
  readonly edge: ModuleEdge;
  readonly module: string;
  readonly lack: Lack;
  /** The entries that load it; the first one's way to it. */
  readonly entries: readonly EdgeEntry[];
  readonly way: readonly ModuleEdge[];
}

/** Where a platform starts code that does not run on Node.js. */
export interface EdgeEntry {
  readonly platform: 'worker' | 'next';
  readonly file: string;
  /** What makes it run at the edge. */
  readonly span: Span;
  readonly worker?: { readonly path: string; readonly facts: WranglerFacts; readonly setup: WorkerSetup };
  lackOf(module: string): Lack | undefined;
}

/** Every such module once, with all entries that come by it. */
export function edgeLacks(model: Model): EdgeLack[] {
  const out = new Map<string, EdgeLack & { entries: EdgeEntry[] }>();
  const graph = moduleGraph(model.project);
  for (const entry of [...workerEntries(model), ...nextEntries(model)]) {
    const reached = graph.reachedFrom(entry.file);
    for (const file of reached.keys()) {
      if (!model.isJudged(file)) continue;
      for (const edge of graph.loadsOf(file)) {
        if (edge.target.k !== 'package' || isPolyfilled(model, edge)) continue;
        const module = edge.target.name;
        const lack = entry.lackOf(module);
        if (!lack) continue;
        const key = `${entry.platform} ${file} ${module} ${lack}`;
        const known = out.get(key);
        if (known) known.entries.push(entry);
        else out.set(key, { edge, module, lack, entries: [entry], way: wayTo(reached, file) });
      }
    }
  }
  return [...out.values()];
}

/** `buffer` without `node:` is the package of that name where it is installed. */
function isPolyfilled({ project }: Model, { from, dependency: { module } }: ModuleEdge): boolean {
  return (
    !module.startsWith('node:') && /^[a-z_]+$/.test(module) && isBuiltin(module) && project.dependsOn(from, module)
  );
}

function isBuiltin(module: string): boolean {
  return /^(?:assert|buffer|crypto|events|https?|os|path|process|punycode|querystring|stream|string_decoder|timers|tty|url|util|vm|zlib)$/.test(
    module,
  );
}

function workerEntries(model: Model): EdgeEntry[] {
  return model.project.artefactsOf('wrangler').flatMap(({ path, facts }): EdgeEntry[] => {
    const { main, problems, environments, nodeCompat } = facts;
    if (!main?.value || problems.length || nodeCompat || !model.isJudged(path)) return [];
    const target = resolveModule(
      model.project,
      posix.join(folderOf(path), 'wrangler'),
      `./${posix.normalize(main.value)}`,
    );
    if (target.k !== 'file') return [];
    const stated = [facts, ...environments].flatMap(section => section.compatibilityFlags);
    const setup: WorkerSetup = {
      date: facts.compatibilityDate?.value ?? undefined,
      flags: stated.flatMap(flag => flag.value ?? []),
    };
    if (stated.some(flag => flag.value === null)) return [];
    const span = { file: path, start: main.start, end: main.end };
    const worker = { path, facts, setup };
    return [
      { platform: 'worker', file: target.path, span, worker, lackOf: module => lackInWorker(rootOf(module), setup) },
    ];
  });
}

const APP_FILE = /(?:^|\/)app\/(?:.*\/)?(?:route|page|layout|default|template)\.[jt]sx?$/;
const PAGES_API = /(?:^|\/)pages\/(?:.*\/)?[^/]+\.[jt]sx?$/;
const MIDDLEWARE = /^(?:src\/)?middleware\.[jt]s$/;

function nextEntries(model: Model): EdgeEntry[] {
  const out: EdgeEntry[] = [];
  const { project } = model;
  const owners = project.packages.filter(({ facts }) => facts.dependencies.some(({ name }) => name.value === 'next'));
  if (owners.length === 0) return out;
  for (const [file, facts] of project.sources) {
    const owner = project.packageOf(file);
    if (!owner || !owners.includes(owner) || !isInside(owner.folder, file) || !model.isJudged(file)) continue;
    const add = (p: Span | undefined): void => {
      if (p) out.push({ platform: 'next', file, span: p, lackOf: module => lackInNext(rootOf(module)) });
    };
    if (APP_FILE.test(file)) add(edgeConst(facts));
    else if (PAGES_API.test(file)) add(edgeConfig(facts));
    else if (MIDDLEWARE.test(owner.folder ? file.slice(owner.folder.length + 1) : file)) {
      const major = Number.parseInt(project.versionOf(file, 'next') ?? '', 10);
      // Since Next.js 16 it is called proxy and runs on Node.js.
      if (major < 16 && runtimeOf(facts) !== 'nodejs') add({ file, start: 0, end: 0 });
    }
  }
  return out;
}

function exportedConst({ functions, exports }: FileFacts, name: string): (Stmt & { k: 'let' }) | undefined {
  if (!exports.some(one => one.k === 'local' && one.name === name)) return undefined;
  return functions[0]?.body.find(
    (stmt): stmt is Stmt & { k: 'let' } => stmt.k === 'let' && stmt.pat.k === 'pid' && stmt.pat.n === name,
  );
}

function isEdge(e: Expr | undefined): boolean {
  return e?.k === 'as' ? isEdge(e.e) : e?.k === 'str' && (e.v === 'edge' || e.v === 'experimental-edge');
}

/** `export const runtime = 'edge'`. */
function edgeConst(facts: FileFacts): Span | undefined {
  const stmt = exportedConst(facts, 'runtime');
  return stmt && isEdge(stmt.v) ? { file: facts.path, start: stmt.p[0], end: stmt.p[1] } : undefined;
}

/** `export const config = { runtime: 'edge' }`. */
function edgeConfig(facts: FileFacts): Span | undefined {
  const value = exportedConst(facts, 'config')?.v;
  const config = value?.k === 'as' ? value.e : value;
  const prop = config?.k === 'obj' ? config.props.find(one => one.k === 'prop' && one.n === 'runtime') : undefined;
  return prop && isEdge(prop.v) ? { file: facts.path, start: prop.p[0], end: prop.p[1] } : undefined;
}

function runtimeOf(facts: FileFacts): string | undefined {
  const value = exportedConst(facts, 'config')?.v;
  const config = value?.k === 'as' ? value.e : value;
  const prop = config?.k === 'obj' ? config.props.find(one => one.k === 'prop' && one.n === 'runtime') : undefined;
  const direct = exportedConst(facts, 'runtime')?.v;
  const e = prop?.v ?? direct;
  return e?.k === 'str' ? e.v : undefined;
}

function rootOf(module: string): string {
  if (module.startsWith('node:')) return module;
  return module
    .split('/')
    .slice(0, module.startsWith('@') ? 2 : 1)
    .join('/');
}
