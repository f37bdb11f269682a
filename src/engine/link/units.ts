import type { ComposeService } from '../model/artefacts/compose.ts';
import type { Container, ServiceResource, Workload } from '../model/artefacts/kubernetes.ts';
import type { SamFunction, ServerlessFunction } from '../model/artefacts/serverless.ts';
import type { ArtefactOf } from '../model/artefacts.ts';
import { isDeployFile } from './deploy-files.ts';
import type { Endpoint } from './endpoint.ts';
import { hiddenRoutes } from './hidden-routes.ts';
import { type BuiltImage, builtImages, dockerfileOf } from './images.ts';
import { joinWorkloads, packageOfImage } from './join-artefacts.ts';
import { type Listen, toListen } from './listen.ts';
import type { Model } from './model.ts';
import type { PackageInfo } from './project.ts';

/** A container of a pod that runs an image, with the Services that send traffic to the pod. */
export interface WorkloadContainer {
  readonly path: string;
  readonly workload: Workload;
  readonly container: Container;
  readonly services: readonly { readonly path: string; readonly service: ServiceResource }[];
}

export interface ComposeContainer {
  readonly path: string;
  readonly service: ComposeService;
}

/**
 * Something that is deployed on its own: a package of the workspace (or the workspace itself) with the servers and routes
 * of its code, and every artefact that can be shown to run it. Joins that are only likely are not made.
 */
export interface Unit {
  /** Folder of its package; '' for the workspace root. */
  readonly folder: string;
  readonly name: string;
  readonly package: PackageInfo | undefined;
  readonly images: readonly BuiltImage[];
  readonly workloads: readonly WorkloadContainer[];
  /** Services of compose files for production that build it. */
  readonly composeServices: readonly ComposeContainer[];
  readonly functions: readonly { readonly path: string; readonly fn: ServerlessFunction | SamFunction }[];
  readonly wrangler: readonly { readonly path: string; readonly facts: ArtefactOf<'wrangler'> }[];
  readonly listens: readonly Listen[];
  readonly routes: readonly Endpoint[];
  /** Why more routes may exist than are known; undefined if these are all. */
  readonly opaque: string | undefined;
  /** Folders of the workspace packages its code may use, its own first. */
  readonly folders: readonly string[];
  readonly hasContainer: boolean;
  readonly isServerless: boolean;
  readonly isEdge: boolean;
}

export interface Units {
  readonly all: readonly Unit[];
  of(path: string): Unit | undefined;
  /** Every image built for production, joined to a unit or not. */
  readonly images: readonly BuiltImage[];
}

export function linkUnits(model: Model): Units {
  const { project } = model;
  const images = builtImages(project);
  const folders = new Map<string, MutableUnit>();
  const at = (path: string): MutableUnit => {
    const owner = project.packageOf(path);
    const folder = owner?.folder ?? '';
    let unit = folders.get(folder);
    if (!unit) {
      unit = createUnit(folder, owner);
      folders.set(folder, unit);
    }
    return unit;
  };
  for (const operation of model.operations('listen')) at(operation.file).listens.push(toListen(operation));
  for (const endpoint of model.endpoints) at(endpoint.span.file).routes.push(endpoint);
  for (const image of images) {
    const folder = packageOfImage(project, image);
    if (folder !== undefined) at(folder === '' ? 'x' : `${folder}/x`).images.push(image);
  }
  for (const { path, facts } of project.artefactsOf('serverless'))
    if (facts.functions.length && model.isJudged(path))
      for (const fn of facts.functions) at(path).functions.push({ path, fn });
  for (const { path, facts } of project.artefactsOf('sam'))
    if (model.isJudged(path)) for (const fn of facts.functions) at(path).functions.push({ path, fn });
  for (const { path, facts } of project.artefactsOf('wrangler'))
    if (model.isJudged(path)) at(path).wrangler.push({ path, facts });
  for (const { path, facts } of project.artefactsOf('compose')) {
    if (facts.development || !isDeployFile(path)) continue;
    for (const service of facts.services) {
      const built = dockerfileOf(path, service);
      const unit = built && [...folders.values()].find(one => one.images.some(image => image.path === built));
      if (unit) unit.composeServices.push({ path, service });
    }
  }
  const all = [...folders.values()].sort((a, b) => (a.folder < b.folder ? -1 : 1));
  joinWorkloads(project, all);
  for (const unit of all) finish(model, unit);
  return {
    all,
    images,
    of: path => all.find(unit => unit.folder === (project.packageOf(path)?.folder ?? '')),
  };
}

export type MutableUnit = {
  -readonly [K in keyof Unit]: Unit[K] extends readonly (infer T)[] ? T[] : Unit[K];
};

function createUnit(folder: string, owner: PackageInfo | undefined): MutableUnit {
  return {
    folder,
    name: owner?.name ?? (folder === '' ? 'the service' : folder.slice(folder.lastIndexOf('/') + 1)),
    package: owner,
    images: [],
    workloads: [],
    composeServices: [],
    functions: [],
    wrangler: [],
    listens: [],
    routes: [],
    opaque: undefined,
    folders: [folder],
    hasContainer: false,
    isServerless: false,
    isEdge: false,
  };
}

function finish(model: Model, unit: MutableUnit): void {
  unit.folders = usedFolders(model, unit);
  unit.hasContainer = unit.images.length > 0 || unit.workloads.length > 0 || unit.composeServices.length > 0;
  unit.isServerless = unit.functions.length > 0;
  unit.isEdge = unit.wrangler.some(({ facts }) => facts.main !== undefined);
  unit.opaque = hiddenRoutes(model, unit);
}

/** Its own folder, and those of workspace packages it depends on, directly or through others. */
function usedFolders({ project }: Model, { folder, package: owner }: MutableUnit): string[] {
  const byName = new Map(project.packages.flatMap(one => (one.name ? [[one.name, one] as const] : [])));
  const out = new Set<string>([folder]);
  const queue = owner ? [owner] : [];
  for (let next = queue.pop(); next; next = queue.pop()) {
    for (const { name } of [...next.facts.dependencies, ...next.facts.devDependencies]) {
      const used = byName.get(name.value);
      if (!used || out.has(used.folder)) continue;
      out.add(used.folder);
      queue.push(used);
    }
  }
  return [...out];
}

/** Whether a file's code may run in a unit. */
export function belongsTo({ project }: Model, { folders }: Unit, file: string): boolean {
  return folders.includes(project.packageOf(file)?.folder ?? '');
}
