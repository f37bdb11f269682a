import { resourcesOf } from '../../link/pods.ts';
import type { Project } from '../../link/project.ts';
import type { KubernetesResource, ServiceResource, Workload } from '../../model/artefacts/kubernetes.ts';
import { get } from '../../model/document.ts';
import type { Span } from '../../model/span.ts';

/** A link of the chain of Kubernetes objects that ends nowhere. */
export type BrokenLink =
  | {
      readonly is: 'ingress';
      readonly at: Span;
      readonly service: string;
      readonly port: string | number;
      readonly open: readonly number[];
      readonly proof: Span;
    }
  | { readonly is: 'selector'; readonly at: Span; readonly service: string; readonly labels: string };

interface Placed<R extends KubernetesResource> {
  readonly path: string;
  readonly resource: R;
}

/** Ingresses that name a port no Service of that name has, and Services whose labels no pod carries. */
export function brokenLinks(project: Project): readonly BrokenLink[] {
  const all = resourcesOf(project);
  const services = placed(all, 'service');
  const workloads = placed(all, 'workload');
  // Labels and names that kustomize adds stand in no object.
  const isRewritten = all.some(({ resource }) => resource.type === 'kustomization' && rewrites(resource));
  const hasForeignPods = all.some(
    ({ resource }) => resource.type === 'other' && get(resource.root, 'spec', 'template'),
  );
  return [
    ...placed(all, 'ingress').flatMap(ingress => closedPorts(ingress, services)),
    ...(isRewritten || hasForeignPods ? [] : services.flatMap(service => withoutPods(service, workloads))),
  ];
}

function placed<T extends KubernetesResource['type']>(
  all: readonly Placed<KubernetesResource>[],
  type: T,
): Placed<Extract<KubernetesResource, { type: T }>>[] {
  return all.filter((one): one is Placed<Extract<KubernetesResource, { type: T }>> => one.resource.type === type);
}

function closedPorts(
  { path: file, resource: ingress }: Placed<Extract<KubernetesResource, { type: 'ingress' }>>,
  services: readonly Placed<ServiceResource>[],
): BrokenLink[] {
  return ingress.paths.flatMap(({ service, port }): BrokenLink[] => {
    if (!port || port.value === null || !service?.value) return [];
    // An overlay patches a Service of the same name: a port in one of them counts.
    const named = services.filter(
      one => one.resource.name?.value === service.value && namespaceOf(one.resource) === namespaceOf(ingress),
    );
    const ports = named.flatMap(one => one.resource.ports);
    const known = ports.flatMap(one => [one.port?.value, one.name?.value].filter(value => value !== undefined));
    const [first] = named;
    if (!first || ports.length === 0 || known.includes(null) || known.includes(port.value)) return [];
    return [
      {
        is: 'ingress',
        at: { file, start: port.start, end: port.end },
        service: service.value,
        port: port.value,
        open: ports.flatMap(one => one.port?.value ?? []),
        proof: { file: first.path, start: first.resource.ports[0]!.start, end: first.resource.ports[0]!.end },
      },
    ];
  });
}

function withoutPods(
  { path: file, resource: service }: Placed<ServiceResource>,
  workloads: readonly Placed<Workload>[],
): BrokenLink[] {
  const { selector, name } = service;
  const [first] = selector;
  // The namespace's own pods prove that its workloads are written here.
  const near = workloads.filter(one => namespaceOf(one.resource) === namespaceOf(service) && one.path === file);
  if (!first || !name?.value || near.length === 0 || selector.some(({ value }) => value.value === null)) return [];
  const isMet = workloads.some(({ resource }) =>
    selector.every(wanted =>
      resource.podLabels.some(
        label =>
          label.name.value === wanted.name.value &&
          (label.value.value === null || label.value.value === wanted.value.value),
      ),
    ),
  );
  if (isMet) return [];
  const last = selector.at(-1)!;
  return [
    {
      is: 'selector',
      at: { file, start: first.name.start, end: last.value.end },
      service: name.value,
      labels: selector.map(one => `${one.name.value}=${one.value.value}`).join(','),
    },
  ];
}

function rewrites({ root }: Extract<KubernetesResource, { type: 'kustomization' }>): boolean {
  return ['commonLabels', 'labels', 'namePrefix', 'nameSuffix'].some(key => get(root, key) !== undefined);
}

function namespaceOf({ namespace }: KubernetesResource): string {
  return namespace?.value ?? '';
}
