import { folderOf, isInside } from '../../common/path.ts';
import type { Workload } from '../model/artefacts/kubernetes.ts';
import { isDeployFile } from './deploy-files.ts';
import { type BuiltImage, dockerfileOf, imageName, isInfrastructureImage } from './images.ts';
import { selects } from './pods.ts';
import type { Project } from './project.ts';
import type { ComposeContainer, MutableUnit, WorkloadContainer } from './units.ts';

/** The folder of the package that an image runs; undefined if that is not certain. */
export function packageOfImage(project: Project, { path, stage }: BuiltImage): string | undefined {
  const owner = project.packageOf(path)?.folder;
  if (owner !== undefined && owner !== '') return owner;
  const members = project.packages.filter(one => one.folder !== '');
  if (members.length === 0) return owner;
  // A Dockerfile of the root of several packages says by its paths which of them it runs.
  const hints = [
    stage.workdir,
    ...(stage.cmd?.words ?? []).map(word => word.value),
    ...(stage.entrypoint?.words ?? []).map(word => word.value),
  ].filter(text => typeof text === 'string');
  const named = members.filter(({ folder }) =>
    hints.some(hint => new RegExp(`(?:^|[/\\s])${escapeRegExp(folder)}(?:[/\\s]|$)`).test(hint)),
  );
  if (named.length === 1) return named[0]!.folder;
  const file = path
    .slice(path.lastIndexOf('/') + 1)
    .replace(/^(?:Dockerfile|Containerfile)[._-]?|[._-]?(?:docker|container)file$/gi, '');
  const folder = folderOf(path).slice(folderOf(path).lastIndexOf('/') + 1);
  const byName = members.filter(one => baseOf(one.folder) === (file || folder));
  if (byName.length === 1) return byName[0]!.folder;
  const isWorkspace =
    (project.packages.find(one => one.folder === '')?.facts.workspaces.length ?? 0) > 0 ||
    project.artefactsOf('config').some(({ facts }) => facts.tool === 'pnpm-workspace');
  return isWorkspace ? undefined : owner;
}

/** Adds each container of a production manifest to the unit whose image it runs, if exactly one fits. */
export function joinWorkloads(project: Project, units: readonly MutableUnit[]): void {
  const candidates = units.filter(unit => unit.images.length || unit.listens.length || unit.routes.length);
  const found: { path: string; workload: Workload; container: WorkloadContainer['container'] }[] = [];
  const services: WorkloadContainer['services'][number][] = [];
  for (const { path, facts } of project.artefactsOf('kubernetes')) {
    if (!isDeployFile(path) || facts.problems.length) continue;
    for (const resource of facts.resources) {
      if (resource.type === 'service') services.push({ path, service: resource });
      if (resource.type !== 'workload') continue;
      for (const container of resource.pod.containers) {
        const image = container.image?.value;
        if (!image || !isInfrastructureImage(image)) found.push({ path, workload: resource, container });
      }
    }
  }
  const ownImages = new Set(found.map(({ container }) => container.image?.value ?? ''));
  for (const one of found) {
    const unit =
      unitOfContainer(project, candidates, one) ??
      (candidates.length === 1 && ownImages.size === 1 ? candidates[0] : undefined);
    unit?.workloads.push({
      ...one,
      services: services.filter(({ service }) => selects(service, one.workload)),
    });
  }
}

function unitOfContainer(
  project: Project,
  units: readonly MutableUnit[],
  { path, workload, container }: { path: string; workload: Workload; container: WorkloadContainer['container'] },
): MutableUnit | undefined {
  const image = container.image?.value;
  const base = image && !/[${}]/.test(image) ? imageName(image).base : undefined;
  const named = base === undefined ? [] : [base];
  const sameImage = (one: ComposeContainer): boolean => {
    const own = one.service.image?.value;
    return own != null && image != null && imageName(own).repository === imageName(image).repository;
  };
  const built = project.artefactsOf('compose').flatMap(({ path: file, facts }) =>
    facts.services.flatMap(service => {
      const dockerfile = sameImage({ path: file, service }) ? dockerfileOf(file, service) : undefined;
      return dockerfile === undefined ? [] : [dockerfile];
    }),
  );
  const steps: ((unit: MutableUnit) => boolean)[] = [
    unit => unit.images.some(one => built.includes(one.path)),
    unit => namesOf(unit).some(name => named.includes(name)),
    unit =>
      namesOf(unit).some(
        name => name.length > 2 && named.some(one => one.endsWith(`-${name}`) || one.endsWith(`_${name}`)),
      ),
    unit => namesOf(unit).some(name => name === container.name?.value || name === workload.name?.value),
    unit => unit.folder !== '' && isInside(unit.folder, folderOf(path)),
  ];
  for (const fits of steps) {
    const fitting = units.filter(fits);
    if (fitting.length === 1) return fitting[0];
    if (fitting.length > 1) return undefined;
  }
  return undefined;
}

function namesOf({ folder, package: owner }: MutableUnit): string[] {
  const name = owner?.name;
  const plain = name?.replace(/^@[^/]+\//, '');
  const scoped = name?.startsWith('@') ? name.slice(1).replace('/', '-') : undefined;
  return [plain, scoped, folder === '' ? undefined : baseOf(folder)].filter(
    one => one !== undefined && one !== '',
  ) as string[];
}

function baseOf(folder: string): string {
  return folder.slice(folder.lastIndexOf('/') + 1);
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
