import type {
  Container,
  ContainerEnv,
  EnvFrom,
  LifecycleHook,
  PodSpec,
  Probe,
  SecurityContext,
  Volume,
} from '../model/artefacts/kubernetes.ts';
import {
  booleanSetting,
  type DocumentNode,
  entries,
  get,
  items,
  keyOf,
  namedSettings,
  numberOrTextSetting,
  numberSetting,
  rangeOf,
  type TextRange,
  textSetting,
  textSettings,
} from '../model/document.ts';
import { collect, record } from './tree/record.ts';

const PROBES = { livenessProbe: 'liveness', readinessProbe: 'readiness', startupProbe: 'startup' } as const;
const HANDLERS = { httpGet: 'http', tcpSocket: 'tcp', grpc: 'grpc', exec: 'exec' } as const;

/** Reads a pod's spec; without one the pod has no containers and stands where `fallback` is. */
export function readPod(spec: DocumentNode | undefined, fallback: TextRange): PodSpec {
  return record<PodSpec>({
    ...rangeOf(spec ?? fallback),
    containers: items(get(spec, 'containers')).map(readContainer),
    initContainers: items(get(spec, 'initContainers')).map(readContainer),
    securityContext: readSecurityContext(get(spec, 'securityContext')),
    terminationGracePeriodSeconds: numberSetting(get(spec, 'terminationGracePeriodSeconds')),
    automountServiceAccountToken: booleanSetting(get(spec, 'automountServiceAccountToken')),
    serviceAccountName: textSetting(get(spec, 'serviceAccountName')),
    hostNetwork: booleanSetting(get(spec, 'hostNetwork')),
    hostPID: booleanSetting(get(spec, 'hostPID')),
    hostIPC: booleanSetting(get(spec, 'hostIPC')),
    volumes: items(get(spec, 'volumes')).map(readVolume),
  });
}

function readContainer(node: DocumentNode): Container {
  const words = (key: string) => {
    const list = get(node, key);
    return list && textSettings(list);
  };
  const resources = get(node, 'resources');
  return record<Container>({
    ...rangeOf(node),
    name: textSetting(get(node, 'name')),
    image: textSetting(get(node, 'image')),
    imagePullPolicy: textSetting(get(node, 'imagePullPolicy')),
    workingDir: textSetting(get(node, 'workingDir')),
    command: words('command'),
    args: words('args'),
    ports: items(get(node, 'ports')).map(port =>
      record<Container['ports'][number]>({
        ...rangeOf(port),
        name: textSetting(get(port, 'name')),
        containerPort: numberSetting(get(port, 'containerPort')),
        protocol: textSetting(get(port, 'protocol')),
      }),
    ),
    env: collect(items(get(node, 'env')), readEnv),
    envFrom: items(get(node, 'envFrom')).map(readEnvFrom),
    probes: collect(entries(node), item => {
      const probe = Object.hasOwn(PROBES, item.key) ? PROBES[item.key as keyof typeof PROBES] : undefined;
      return probe && item.value.kind === 'map' ? readProbe(probe, item.value) : undefined;
    }),
    resources:
      resources?.kind === 'map'
        ? {
            ...rangeOf(resources),
            requests: namedSettings(get(resources, 'requests')),
            limits: namedSettings(get(resources, 'limits')),
          }
        : undefined,
    securityContext: readSecurityContext(get(node, 'securityContext')),
    volumeMounts: items(get(node, 'volumeMounts')).map(mount =>
      record<Container['volumeMounts'][number]>({
        ...rangeOf(mount),
        name: textSetting(get(mount, 'name')),
        mountPath: textSetting(get(mount, 'mountPath')),
        readOnly: booleanSetting(get(mount, 'readOnly')),
      }),
    ),
    preStop: readHook(get(node, 'lifecycle', 'preStop')),
    postStart: readHook(get(node, 'lifecycle', 'postStart')),
    restartPolicy: textSetting(get(node, 'restartPolicy')),
  });
}

function readEnv(node: DocumentNode): ContainerEnv | undefined {
  const name = textSetting(get(node, 'name'));
  if (!name) return undefined;
  const from = entries(get(node, 'valueFrom'))[0];
  return record<ContainerEnv>({
    ...rangeOf(node),
    name,
    value: textSetting(get(node, 'value')),
    from: from && keyOf(from),
    refName: textSetting(get(from?.value, 'name')),
    refKey: textSetting(get(from?.value, 'key') ?? get(from?.value, 'fieldPath')),
  });
}

function readEnvFrom(node: DocumentNode): EnvFrom {
  const ref = (['secretRef', 'configMapRef'] as const).find(key => get(node, key));
  return record<EnvFrom>({
    ...rangeOf(node),
    from: ref ?? 'unknown',
    name: textSetting(ref && get(node, ref, 'name')),
    prefix: textSetting(get(node, 'prefix')),
  });
}

function readProbe(probe: Probe['probe'], node: DocumentNode): Probe {
  const key = (['httpGet', 'tcpSocket', 'grpc', 'exec'] as const).find(name => get(node, name));
  const handler = key && get(node, key);
  const command = get(handler, 'command');
  return record<Probe>({
    ...rangeOf(node),
    probe,
    handler: key ? HANDLERS[key] : 'unknown',
    path: textSetting(get(handler, 'path')),
    port: numberOrTextSetting(get(handler, 'port')),
    scheme: textSetting(get(handler, 'scheme')),
    command: command && textSettings(command),
    initialDelaySeconds: numberSetting(get(node, 'initialDelaySeconds')),
    periodSeconds: numberSetting(get(node, 'periodSeconds')),
    timeoutSeconds: numberSetting(get(node, 'timeoutSeconds')),
    failureThreshold: numberSetting(get(node, 'failureThreshold')),
    successThreshold: numberSetting(get(node, 'successThreshold')),
  });
}

function readHook(node: DocumentNode | undefined): LifecycleHook | undefined {
  if (!node) return undefined;
  const command = get(node, 'exec', 'command');
  return record<LifecycleHook>({
    ...rangeOf(node),
    command: command && textSettings(command),
    sleepSeconds: numberSetting(get(node, 'sleep', 'seconds')),
    httpPath: textSetting(get(node, 'httpGet', 'path')),
  });
}

function readSecurityContext(node: DocumentNode | undefined): SecurityContext | undefined {
  if (node?.kind !== 'map') return undefined;
  return record<SecurityContext>({
    ...rangeOf(node),
    runAsNonRoot: booleanSetting(get(node, 'runAsNonRoot')),
    runAsUser: numberSetting(get(node, 'runAsUser')),
    runAsGroup: numberSetting(get(node, 'runAsGroup')),
    privileged: booleanSetting(get(node, 'privileged')),
    allowPrivilegeEscalation: booleanSetting(get(node, 'allowPrivilegeEscalation')),
    readOnlyRootFilesystem: booleanSetting(get(node, 'readOnlyRootFilesystem')),
    capabilitiesAdd: textSettings(get(node, 'capabilities', 'add')),
    capabilitiesDrop: textSettings(get(node, 'capabilities', 'drop')),
    seccompProfile: textSetting(get(node, 'seccompProfile', 'type')),
    procMount: textSetting(get(node, 'procMount')),
    sysctls: collect(items(get(node, 'sysctls')), item => textSetting(get(item, 'name'))),
  });
}

function readVolume(node: DocumentNode): Volume {
  const source = entries(node).find(item => item.key !== 'name');
  return record<Volume>({
    ...rangeOf(node),
    name: textSetting(get(node, 'name')),
    source: source && keyOf(source),
    hostPath: textSetting(get(node, 'hostPath', 'path')),
  });
}
