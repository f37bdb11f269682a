import { secretHint } from '../../common/secret-names.ts';
import type {
  AutoscalerResource,
  DataResource,
  DisruptionBudgetResource,
  IngressResource,
  KubernetesResource,
  KustomizationResource,
  ResourceBase,
  ServiceResource,
  Workload,
} from '../model/artefacts/kubernetes.ts';
import {
  asString,
  type DocumentNode,
  entries,
  get,
  items,
  keyOf,
  namedSettings,
  numberOrTextSetting,
  numberSetting,
  rangeOf,
  textSetting,
  textSettings,
} from '../model/document.ts';
import { looksLikeHelm } from './helm-template.ts';
import { readPod } from './kubernetes-pod.ts';
import { type ArtefactReader, baseName, hasExtension, hasRootKey, isYaml } from './reader.ts';
import { parseJson } from './tree/json.ts';
import { collect, record } from './tree/record.ts';
import { parseYamlDocuments } from './tree/yaml.ts';

const WORKLOADS = new Set([
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'ReplicaSet',
  'ReplicationController',
  'Job',
  'CronJob',
  'Pod',
]);

export const kubernetes: ArtefactReader<'kubernetes'> = {
  kind: 'kubernetes',

  matches(path, head) {
    if (isKustomization(path)) return true;
    if (!isYaml(path) && !hasExtension(path, 'json')) return false;
    return hasRootKey(head, 'apiVersion') && hasRootKey(head, 'kind');
  },

  read(path, text) {
    if (looksLikeHelm(text)) {
      return {
        kind: 'kubernetes',
        problems: [{ message: 'YAML: a template that is not rendered', start: 0, end: 0 }],
        resources: [],
      };
    }
    const json = hasExtension(path, 'json') ? parseJson(text) : undefined;
    const { roots, problems } = json
      ? { roots: json.root ? [json.root] : [], problems: json.problems }
      : parseYamlDocuments(text);
    return {
      kind: 'kubernetes',
      problems,
      resources: roots.flatMap(root => readDocument(root, isKustomization(path))),
    };
  },
};

function isKustomization(path: string): boolean {
  return /^kustomization\.ya?ml$|^Kustomization$/.test(baseName(path));
}

function readDocument(root: DocumentNode, kustomization: boolean): KubernetesResource[] {
  const kind = asString(get(root, 'kind'));
  if (kind === 'List') return items(get(root, 'items')).flatMap(item => readDocument(item, false));
  if (root.kind !== 'map' || !(kind || kustomization)) return [];
  return [readResource(root, kind ?? 'Kustomization')];
}

function readResource(root: DocumentNode, kind: string): KubernetesResource {
  const base = readBase(root, kind);
  if (WORKLOADS.has(kind)) return readWorkload(root, kind, base);
  switch (kind) {
    case 'Service':
      // Knative has a Service of its own, whose spec is another.
      return base.apiVersion === 'v1' ? readService(root, base) : { ...base, type: 'other', root };
    case 'Ingress':
      return readIngress(root, base);
    case 'HorizontalPodAutoscaler':
    case 'ScaledObject':
      return readAutoscaler(root, base);
    case 'PodDisruptionBudget':
      return readBudget(root, base);
    case 'ConfigMap':
    case 'Secret':
      return readData(root, base, kind);
    case 'Kustomization':
      return base.apiVersion === '' || base.apiVersion.startsWith('kustomize.config.k8s.io')
        ? readKustomization(root, base)
        : { ...base, type: 'other', root };
    default:
      return { ...base, type: kind === 'Namespace' ? 'namespace' : 'other', root };
  }
}

function readBase(root: DocumentNode, kind: string): ResourceBase {
  const kindNode = get(root, 'kind');
  return record<ResourceBase>({
    ...rangeOf(root),
    apiVersion: asString(get(root, 'apiVersion')) ?? '',
    resourceKind: { value: kind, start: kindNode?.start ?? root.start, end: kindNode?.end ?? root.start },
    name: textSetting(get(root, 'metadata', 'name')),
    namespace: textSetting(get(root, 'metadata', 'namespace')),
    labels: namedSettings(get(root, 'metadata', 'labels')),
    annotations: namedSettings(get(root, 'metadata', 'annotations')),
  });
}

function readWorkload(root: DocumentNode, kind: string, base: ResourceBase): Workload {
  const spec = get(root, 'spec');
  const template =
    kind === 'Pod' ? root : get(spec, ...(kind === 'CronJob' ? ['jobTemplate', 'spec', 'template'] : ['template']));
  const selector = get(spec, 'selector');
  const pod = readPod(get(template, 'spec'), template ?? root);
  return record<Workload>({
    ...base,
    type: 'workload',
    replicas: numberSetting(get(spec, 'replicas')),
    selector: namedSettings(get(selector, 'matchLabels') ?? (kind === 'ReplicationController' ? selector : undefined)),
    podLabels: namedSettings(get(template, 'metadata', 'labels')),
    podAnnotations: namedSettings(get(template, 'metadata', 'annotations')),
    schedule: textSetting(get(spec, 'schedule')),
    partial: pod.containers.length === 0 || pod.containers.some(container => !container.image),
    pod,
  });
}

function readService(root: DocumentNode, base: ResourceBase): ServiceResource {
  const spec = get(root, 'spec');
  return record<ServiceResource>({
    ...base,
    type: 'service',
    serviceType: textSetting(get(spec, 'type')),
    selector: namedSettings(get(spec, 'selector')),
    ports: items(get(spec, 'ports')).map(port =>
      record<ServiceResource['ports'][number]>({
        ...rangeOf(port),
        name: textSetting(get(port, 'name')),
        port: numberSetting(get(port, 'port')),
        targetPort: numberOrTextSetting(get(port, 'targetPort')),
        nodePort: numberSetting(get(port, 'nodePort')),
        protocol: textSetting(get(port, 'protocol')),
      }),
    ),
  });
}

function readIngress(root: DocumentNode, base: ResourceBase): IngressResource {
  const spec = get(root, 'spec');
  const toPath = (path: DocumentNode, host?: DocumentNode): IngressResource['paths'][number] => {
    const backend = get(path, 'backend') ?? path;
    const port = get(backend, 'service', 'port');
    return record<IngressResource['paths'][number]>({
      ...rangeOf(path),
      host: textSetting(host),
      path: textSetting(get(path, 'path')),
      service: textSetting(get(backend, 'service', 'name') ?? get(backend, 'serviceName')),
      port: numberOrTextSetting(get(port, 'number') ?? get(port, 'name') ?? get(backend, 'servicePort')),
    });
  };
  const fallback = get(spec, 'defaultBackend') ?? get(spec, 'backend');
  return record<IngressResource>({
    ...base,
    type: 'ingress',
    className: textSetting(get(spec, 'ingressClassName')),
    tlsHosts: items(get(spec, 'tls')).flatMap(tls => textSettings(get(tls, 'hosts'))),
    paths: [
      ...items(get(spec, 'rules')).flatMap(rule =>
        items(get(rule, 'http', 'paths')).map(path => toPath(path, get(rule, 'host'))),
      ),
      ...(fallback ? [toPath(fallback)] : []),
    ],
  });
}

function readAutoscaler(root: DocumentNode, base: ResourceBase): AutoscalerResource {
  const spec = get(root, 'spec');
  const minReplicas = get(spec, 'minReplicas') ?? get(spec, 'minReplicaCount');
  const maxReplicas = get(spec, 'maxReplicas') ?? get(spec, 'maxReplicaCount');
  return record<AutoscalerResource>({
    ...base,
    type: 'autoscaler',
    targetKind: textSetting(get(spec, 'scaleTargetRef', 'kind')),
    targetName: textSetting(get(spec, 'scaleTargetRef', 'name')),
    minReplicas: numberSetting(minReplicas),
    maxReplicas: numberSetting(maxReplicas),
    metrics: items(get(spec, 'metrics') ?? get(spec, 'triggers')),
  });
}

function readBudget(root: DocumentNode, base: ResourceBase): DisruptionBudgetResource {
  return record<DisruptionBudgetResource>({
    ...base,
    type: 'disruption-budget',
    selector: namedSettings(get(root, 'spec', 'selector', 'matchLabels')),
    minAvailable: numberOrTextSetting(get(root, 'spec', 'minAvailable')),
    maxUnavailable: numberOrTextSetting(get(root, 'spec', 'maxUnavailable')),
  });
}

function readData(root: DocumentNode, base: ResourceBase, kind: 'ConfigMap' | 'Secret'): DataResource {
  const maps = ['data', 'stringData', 'binaryData'].flatMap(key => entries(get(root, key)));
  if (kind === 'ConfigMap')
    return { ...base, type: 'config-map', data: ['data', 'binaryData'].flatMap(key => namedSettings(get(root, key))) };
  return {
    ...base,
    type: 'secret',
    data: maps.map(item => ({ name: keyOf(item), value: { value: null, ...rangeOf(item.value) } })),
    exposed: entries(get(root, 'stringData')).flatMap(item => {
      const hint = secretHint(item.key, asString(item.value) ?? '');
      return hint ? [{ ...hint, name: keyOf(item), value: rangeOf(item.value) }] : [];
    }),
  };
}

function readKustomization(root: DocumentNode, base: ResourceBase): KustomizationResource {
  const list = (key: string) => textSettings(get(root, key));
  return {
    ...base,
    type: 'kustomization',
    resources: [...list('resources'), ...list('bases'), ...list('components')],
    patches: [
      ...list('patchesStrategicMerge'),
      ...collect(items(get(root, 'patches')), patch => textSetting(get(patch, 'path'))),
    ],
    images: items(get(root, 'images')).map(image =>
      record<KustomizationResource['images'][number]>({
        ...rangeOf(image),
        name: textSetting(get(image, 'name')),
        newName: textSetting(get(image, 'newName')),
        newTag: textSetting(get(image, 'newTag')),
        digest: textSetting(get(image, 'digest')),
      }),
    ),
    replicas: items(get(root, 'replicas')).map(item =>
      record<KustomizationResource['replicas'][number]>({
        name: textSetting(get(item, 'name')),
        count: numberSetting(get(item, 'count')),
      }),
    ),
    root,
  };
}
