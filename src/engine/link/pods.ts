import type {
  Container,
  KubernetesResource,
  SecurityContext,
  ServiceResource,
  Workload,
} from '../model/artefacts/kubernetes.ts';
import type { Setting } from '../model/document.ts';
import { isDeployFile } from './deploy-files.ts';
import { isInfrastructureImage } from './images.ts';
import type { Project } from './project.ts';

/** A pod template of a production manifest, with the overlays that patch it and the Services that select it. */
export interface Pod {
  readonly path: string;
  readonly workload: Workload;
  /** Its containers that run an image of the project, or one that is no known database, proxy or tool. */
  readonly own: readonly Container[];
  /** Workloads of the same kind and name in other files: a value present in one of them counts. */
  readonly overlays: readonly Workload[];
  readonly services: readonly { readonly path: string; readonly service: ServiceResource }[];
}

export function podsOf(project: Project): readonly Pod[] {
  const workloads: { path: string; workload: Workload }[] = [];
  const services: Pod['services'][number][] = [];
  for (const { path, resource } of resourcesOf(project)) {
    if (resource.type === 'workload') workloads.push({ path, workload: resource });
    else if (resource.type === 'service') services.push({ path, service: resource });
  }
  return workloads
    .filter(({ workload }) => workload.pod.containers.some(one => one.image))
    .map(({ path, workload }) => ({
      path,
      workload,
      own: workload.pod.containers.filter(one => one.image && !isInfrastructureImage(one.image.value ?? '')),
      overlays: workloads
        .filter(
          one =>
            one.workload !== workload &&
            one.workload.resourceKind.value === workload.resourceKind.value &&
            one.workload.name?.value === workload.name?.value,
        )
        .map(one => one.workload),
      services: services.filter(({ service }) => selects(service, workload)),
    }));
}

/** Everything in manifests for production that could be read as a whole. */
export function resourcesOf(project: Project): { path: string; resource: KubernetesResource }[] {
  return project
    .artefactsOf('kubernetes')
    .filter(({ path, facts }) => isDeployFile(path) && facts.problems.length === 0)
    .flatMap(({ path, facts }) => facts.resources.map(resource => ({ path, resource })));
}

export function selects({ selector, namespace }: ServiceResource, workload: Workload): boolean {
  if (selector.length === 0 || (namespace?.value ?? '') !== (workload.namespace?.value ?? '')) return false;
  return selector.every(({ name, value }) =>
    workload.podLabels.some(
      label => label.name.value === name.value && value.value !== null && label.value.value === value.value,
    ),
  );
}

/** The same container in an overlay. */
export function inOverlays({ overlays }: Pod, { name }: Container): Container[] {
  return overlays.flatMap(one => one.pod.containers.filter(other => other.name?.value === name?.value));
}

/** The security settings that hold for a container: its own, those of overlays, then the pod's. */
export function contextsOf(pod: Pod, container: Container): readonly SecurityContext[] {
  return [
    container.securityContext,
    ...inOverlays(pod, container).map(one => one.securityContext),
    pod.workload.pod.securityContext,
    ...pod.overlays.map(one => one.pod.securityContext),
  ].filter(one => one !== undefined);
}

/** What the restricted Pod Security Standard asks for and the container does not state; unknown values count as stated. */
export function restrictedGaps(pod: Pod, container: Container): string[] {
  const contexts = contextsOf(pod, container);
  const states = (
    read: (context: SecurityContext) => Setting<boolean> | Setting<number> | Setting | undefined,
    wanted: unknown[],
  ) =>
    contexts.some(context => {
      const setting = read(context);
      return setting !== undefined && (setting.value === null || wanted.includes(setting.value));
    });
  const user = contexts.map(one => one.runAsUser).find(one => one !== undefined);
  const drops = contexts.some(one => one.capabilitiesDrop.some(({ value }) => value === null || /^all$/i.test(value)));
  return [
    states(one => one.allowPrivilegeEscalation, [false]) ? '' : 'allowPrivilegeEscalation: false',
    drops ? '' : 'capabilities.drop: [ALL]',
    states(one => one.runAsNonRoot, [true]) || (user && user.value !== 0) ? '' : 'runAsNonRoot: true',
    states(one => one.seccompProfile, ['RuntimeDefault', 'Localhost']) ? '' : 'seccompProfile: RuntimeDefault',
  ].filter(Boolean);
}

/** What the baseline Pod Security Standard forbids and the pod asks for, with the place that does. */
export function baselineViolations({
  workload,
}: Pod): { readonly what: string; readonly start: number; readonly end: number }[] {
  const { pod } = workload;
  const out: { what: string; start: number; end: number }[] = [];
  const add = (what: string, at: { start: number; end: number } | undefined): void => {
    if (at) out.push({ what, start: at.start, end: at.end });
  };
  const isTrue = (setting: Setting<boolean> | undefined) => (setting?.value === true ? setting : undefined);
  add('hostNetwork', isTrue(pod.hostNetwork));
  add('hostPID', isTrue(pod.hostPID));
  add('hostIPC', isTrue(pod.hostIPC));
  for (const volume of pod.volumes)
    if (volume.hostPath) add(`hostPath ${volume.hostPath.value ?? ''}`.trim(), volume.hostPath);
  for (const container of [...pod.containers, ...pod.initContainers]) {
    const context = container.securityContext;
    add('privileged', isTrue(context?.privileged));
    for (const capability of context?.capabilitiesAdd ?? [])
      if (capability.value !== null && !ALLOWED.has(capability.value))
        add(`capability ${capability.value}`, capability);
    if (context?.procMount?.value && context.procMount.value !== 'Default') add('procMount', context.procMount);
  }
  return out;
}

// https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline
const ALLOWED = new Set(
  'AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE SETFCAP SETGID SETPCAP SETUID SYS_CHROOT'.split(
    ' ',
  ),
);
