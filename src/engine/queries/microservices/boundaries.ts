import { folderOf, isInside } from '../../../common/path.ts';
import type { Model } from '../../link/model.ts';
import type { PackageInfo } from '../../link/project.ts';
import { asString, entries } from '../../model/document.ts';
import { type ModuleEdge, moduleGraph } from '../module-graph.ts';

/** An import that reaches into something that is built and deployed apart. */
export interface Crossing {
  readonly edge: ModuleEdge;
  /** Folders of the two services. */
  readonly from: string;
  readonly to: string;
}

/** Folders that by convention hold one service each where a repository has one package.json for all. */
const SERVICE_FOLDER = /^(?:[^/]+\/)*?(?:apps|services|microservices)\/[^/]+(?=\/)/;
const LAYER = /^(.*?\/?)domain\/(?:.*\/)?[^/]+$/;

/** The folder of the service that a file belongs to; undefined for what the services share. */
function serviceOf({ project }: Model, file: string): string | undefined {
  const own = project.packageOf(file)?.folder;
  return own || SERVICE_FOLDER.exec(file)?.[0];
}

/** Imports from one service's source into the source of another one that runs by itself. */
export function serviceCrossings(model: Model): Crossing[] {
  const { project } = model;
  const files = [
    ...model.operations('listen').map(operation => operation.file),
    ...model.handlers.map(({ func }) => func.file),
    ...model.consumers.map(({ func }) => func.file),
  ];
  const serving = new Set(files.flatMap(file => serviceOf(model, file) ?? []));
  if (serving.size === 0) return [];
  const out: Crossing[] = [];
  for (const [file, edges] of judgedEdges(model)) {
    const from = serviceOf(model, file);
    if (from === undefined || !(serving.has(from) || isStarted(project.packages, from))) continue;
    for (const edge of edges) {
      const to = edge.target.k === 'file' ? serviceOf(model, edge.target.path) : undefined;
      if (to === undefined || !serving.has(to) || from === to || isInside(to, from)) continue;
      const owner = project.packages.find(one => one.folder === to);
      if (owner && isPublished(owner, edge.dependency.module)) continue;
      if (!moduleGraph(project).isErased(edge)) out.push({ edge, from, to });
    }
  }
  return out;
}

/** Imports of the domain layer from the infrastructure layer beside it. */
export function layerCrossings(model: Model): Crossing[] {
  const out: Crossing[] = [];
  for (const [file, edges] of judgedEdges(model)) {
    const base = LAYER.exec(file)?.[1];
    if (base === undefined) continue;
    for (const edge of edges) {
      const { target } = edge;
      if (target.k !== 'file') continue;
      const to = ['infrastructure', 'infra'].find(layer => isInside(base + layer, target.path));
      if (to && !moduleGraph(model.project).isErased(edge)) out.push({ edge, from: `${base}domain`, to: base + to });
    }
  }
  return out;
}

/** Of every knot of workspace packages one cycle: the edge with the fewest imports first, then the way back. */
export function packageCycles(model: Model): Crossing[][] {
  const asked = packageLinks(model);
  // Most packages are in no circle, not even one of types; only the others are worth a closer look.
  const links: Links = new Map();
  for (const [from, all] of asked) {
    for (const [to, list] of all) {
      if (!shortestWay(asked, to, from)) continue;
      const loaded = list.filter(edge => !moduleGraph(model.project).isErased(edge));
      if (loaded.length) links.set(from, (links.get(from) ?? new Map()).set(to, loaded));
    }
  }
  const edges = [...links].flatMap(([from, all]) => [...all].map(([to, list]) => ({ from, to, list })));
  edges.sort((a, b) => a.list.length - b.list.length);
  const out: Crossing[][] = [];
  const told = new Set<string>();
  for (const { from, to, list } of edges) {
    // Circles that share a package are one knot, which is untied step by step.
    if (told.has(from) || told.has(to)) continue;
    const back = shortestWay(links, to, from);
    if (!back) continue;
    out.push([{ edge: list[0]!, from, to }, ...back]);
    for (const folder of links.keys())
      if (folder === from || (shortestWay(links, from, folder) && shortestWay(links, folder, from))) told.add(folder);
  }
  return out;
}

/** Imports between packages that do not lie in each other, by the folders they lead from and to. */
type Links = Map<string, Map<string, readonly ModuleEdge[]>>;

function packageLinks(model: Model): Links {
  const links = new Map<string, Map<string, ModuleEdge[]>>();
  for (const [file, edges] of judgedEdges(model)) {
    const from = model.project.packageOf(file)?.folder;
    if (!from) continue;
    for (const edge of edges) {
      if (edge.target.k !== 'file') continue;
      const to = model.project.packageOf(edge.target.path)?.folder;
      if (!to || from === to || isInside(from, to) || isInside(to, from) || !model.isJudged(edge.target.path)) continue;
      const known = links.get(from) ?? new Map<string, ModuleEdge[]>();
      links.set(from, known);
      const list = known.get(to);
      if (list) list.push(edge);
      else known.set(to, [edge]);
    }
  }
  return links as Links;
}

function shortestWay(links: Links, start: string, goal: string): Crossing[] | undefined {
  const ways = new Map<string, Crossing[]>([[start, []]]);
  for (const [at, way] of ways) {
    if (at === goal) return way;
    for (const [to, [edge]] of links.get(at) ?? [])
      if (!ways.has(to)) ways.set(to, [...way, { edge: edge!, from: at, to }]);
  }
  return undefined;
}

/** Judged files with what they ask for. */
function* judgedEdges(model: Model): Generator<readonly [file: string, edges: readonly ModuleEdge[]]> {
  const graph = moduleGraph(model.project);
  for (const file of model.project.sources.keys()) if (model.isJudged(file)) yield [file, graph.askedBy(file)];
}

/** Something of its own runs from this package: it is no library. */
function isStarted(packages: readonly PackageInfo[], folder: string): boolean {
  const owner = packages.find(one => one.folder === folder);
  return owner?.facts.scripts.some(({ name }) => name.value === 'start') ?? false;
}

/** Asked for by name, and the package offers that name to others. */
function isPublished({ facts, name }: PackageInfo, specifier: string): boolean {
  if (!name || (specifier !== name && !specifier.startsWith(`${name}/`))) return false;
  if (specifier === name) return true;
  if (!facts.exports) return !specifier.startsWith(`${name}/src/`);
  if (facts.exports.kind === 'scalar') return asString(facts.exports) === undefined;
  const wanted = `.${specifier.slice(name.length)}`;
  return entries(facts.exports).some(({ key }) => {
    const [before = '', after] = key.split('*');
    return after === undefined ? key === wanted : wanted.startsWith(before) && wanted.endsWith(after);
  });
}

/** The name people know a folder by. */
export function titleOf({ project }: Model, folder: string): string {
  return (
    project.packages.find(one => one.folder === folder)?.name ?? folder.slice(folderOf(folder).length).replace('/', '')
  );
}
