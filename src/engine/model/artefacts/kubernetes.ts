import type { SecretHint } from '../../../common/secret-names.ts';
import type { DocumentNode, Located, NamedSetting, Setting, TextRange } from '../document.ts';
import type { ArtefactBase } from './base.ts';

export interface KubernetesFacts extends ArtefactBase {
  readonly kind: 'kubernetes';
  /** Documents in order; the items of a `List` are resources of their own. */
  readonly resources: readonly KubernetesResource[];
}

export type KubernetesResource =
  | Workload
  | ServiceResource
  | IngressResource
  | AutoscalerResource
  | DisruptionBudgetResource
  | DataResource
  | KustomizationResource
  | OtherResource;

/** What each resource has; its range is that of its whole map. */
export interface ResourceBase extends TextRange {
  readonly apiVersion: string;
  /** `kind` as written, e.g. `Deployment`. */
  readonly resourceKind: Located;
  readonly name?: Setting;
  readonly namespace?: Setting;
  readonly labels: readonly NamedSetting[];
  readonly annotations: readonly NamedSetting[];
}

export interface Workload extends ResourceBase {
  readonly type: 'workload';
  readonly replicas?: Setting<number>;
  readonly selector: readonly NamedSetting[];
  readonly podLabels: readonly NamedSetting[];
  readonly podAnnotations: readonly NamedSetting[];
  readonly schedule?: Setting;
  /** Without containers or with one that names no image: a patch of an overlay, so what is absent says nothing. */
  readonly partial: boolean;
  readonly pod: PodSpec;
}

export interface PodSpec extends TextRange {
  readonly containers: readonly Container[];
  readonly initContainers: readonly Container[];
  readonly securityContext?: SecurityContext;
  readonly terminationGracePeriodSeconds?: Setting<number>;
  readonly automountServiceAccountToken?: Setting<boolean>;
  readonly serviceAccountName?: Setting;
  readonly hostNetwork?: Setting<boolean>;
  readonly hostPID?: Setting<boolean>;
  readonly hostIPC?: Setting<boolean>;
  readonly volumes: readonly Volume[];
}

export interface Volume extends TextRange {
  readonly name?: Setting;
  /** The key that says where it comes from: `emptyDir`, `hostPath`, `configMap`, `persistentVolumeClaim` … */
  readonly source?: Located;
  readonly hostPath?: Setting;
}

/** Of a pod or of a container; a field that only one of them can have is absent on the other. */
export interface SecurityContext extends TextRange {
  readonly runAsNonRoot?: Setting<boolean>;
  readonly runAsUser?: Setting<number>;
  readonly runAsGroup?: Setting<number>;
  readonly privileged?: Setting<boolean>;
  readonly allowPrivilegeEscalation?: Setting<boolean>;
  readonly readOnlyRootFilesystem?: Setting<boolean>;
  readonly capabilitiesAdd: readonly Setting[];
  readonly capabilitiesDrop: readonly Setting[];
  readonly seccompProfile?: Setting;
  readonly procMount?: Setting;
  readonly sysctls: readonly Setting[];
}

export interface Container extends TextRange {
  readonly name?: Setting;
  readonly image?: Setting;
  readonly imagePullPolicy?: Setting;
  readonly workingDir?: Setting;
  readonly command?: readonly Setting[];
  readonly args?: readonly Setting[];
  readonly ports: readonly ContainerPort[];
  readonly env: readonly ContainerEnv[];
  readonly envFrom: readonly EnvFrom[];
  readonly probes: readonly Probe[];
  readonly resources?: TextRange & {
    readonly requests: readonly NamedSetting[];
    readonly limits: readonly NamedSetting[];
  };
  readonly securityContext?: SecurityContext;
  readonly volumeMounts: readonly (TextRange & {
    readonly name?: Setting;
    readonly mountPath?: Setting;
    readonly readOnly?: Setting<boolean>;
  })[];
  readonly preStop?: LifecycleHook;
  readonly postStart?: LifecycleHook;
  /** An init container with `restartPolicy: Always` is a sidecar. */
  readonly restartPolicy?: Setting;
}

export interface ContainerPort extends TextRange {
  readonly name?: Setting;
  readonly containerPort?: Setting<number>;
  readonly protocol?: Setting;
}

export interface ContainerEnv extends TextRange {
  readonly name: Setting;
  readonly value?: Setting;
  /** `secretKeyRef`, `configMapKeyRef`, `fieldRef` or `resourceFieldRef`. */
  readonly from?: Located;
  readonly refName?: Setting;
  readonly refKey?: Setting;
}

export interface EnvFrom extends TextRange {
  readonly from: 'secretRef' | 'configMapRef' | 'unknown';
  readonly name?: Setting;
  readonly prefix?: Setting;
}

export interface Probe extends TextRange {
  readonly probe: 'liveness' | 'readiness' | 'startup';
  readonly handler: 'http' | 'tcp' | 'grpc' | 'exec' | 'unknown';
  readonly path?: Setting;
  readonly port?: Setting<number | string>;
  readonly scheme?: Setting;
  readonly command?: readonly Setting[];
  readonly initialDelaySeconds?: Setting<number>;
  readonly periodSeconds?: Setting<number>;
  readonly timeoutSeconds?: Setting<number>;
  readonly failureThreshold?: Setting<number>;
  readonly successThreshold?: Setting<number>;
}

export interface LifecycleHook extends TextRange {
  readonly command?: readonly Setting[];
  readonly sleepSeconds?: Setting<number>;
  readonly httpPath?: Setting;
}

export interface ServiceResource extends ResourceBase {
  readonly type: 'service';
  readonly serviceType?: Setting;
  readonly selector: readonly NamedSetting[];
  readonly ports: readonly (TextRange & {
    readonly name?: Setting;
    readonly port?: Setting<number>;
    readonly targetPort?: Setting<number | string>;
    readonly nodePort?: Setting<number>;
    readonly protocol?: Setting;
  })[];
}

export interface IngressResource extends ResourceBase {
  readonly type: 'ingress';
  readonly className?: Setting;
  readonly tlsHosts: readonly Setting[];
  readonly paths: readonly (TextRange & {
    readonly host?: Setting;
    readonly path?: Setting;
    readonly service?: Setting;
    readonly port?: Setting<number | string>;
  })[];
}

export interface AutoscalerResource extends ResourceBase {
  readonly type: 'autoscaler';
  readonly targetKind?: Setting;
  readonly targetName?: Setting;
  readonly minReplicas?: Setting<number>;
  readonly maxReplicas?: Setting<number>;
  readonly metrics: readonly DocumentNode[];
}

export interface DisruptionBudgetResource extends ResourceBase {
  readonly type: 'disruption-budget';
  readonly selector: readonly NamedSetting[];
  readonly minAvailable?: Setting<number | string>;
  readonly maxUnavailable?: Setting<number | string>;
}

/** A ConfigMap or a Secret. Of a Secret's values only the range is kept; `value` is always null there. */
export interface DataResource extends ResourceBase {
  readonly type: 'config-map' | 'secret';
  readonly data: readonly NamedSetting[];
  /** Of a Secret: plain values that look live. */
  readonly exposed?: readonly (SecretHint & { readonly name: Located; readonly value: TextRange })[];
}

export interface KustomizationResource extends ResourceBase {
  readonly type: 'kustomization';
  /** Paths of bases and resources as written. */
  readonly resources: readonly Setting[];
  readonly patches: readonly Setting[];
  readonly images: readonly (TextRange & {
    readonly name?: Setting;
    readonly newName?: Setting;
    readonly newTag?: Setting;
    readonly digest?: Setting;
  })[];
  readonly replicas: readonly { readonly name?: Setting; readonly count?: Setting<number> }[];
  readonly root: DocumentNode;
}

/** Anything else, Namespace and custom resources included, as a plain tree. */
export interface OtherResource extends ResourceBase {
  readonly type: 'namespace' | 'other';
  readonly root: DocumentNode;
}
