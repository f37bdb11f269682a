import { appendToMap } from '../../fixes/document-yaml.ts';
import type { Model } from '../../link/model.ts';
import { inOverlays, type Pod, podsOf } from '../../link/pods.ts';
import type { Container } from '../../model/artefacts/kubernetes.ts';
import { healthRoutes } from '../../queries/health-routes.ts';
import { defineRule, type FixDraft } from '../rule.ts';

const SERVED = new Set(['Deployment', 'StatefulSet']);

export const readiness = defineRule({
  meta: {
    id: 'k8s/readiness',
    theme: 'containers',
    benefits: ['scalability', 'integration'],
    severity: 'warning',
    confidence: 'high',
    cwe: [],
    owasp: [],
    fix: 'suggest',
    messages: {
      missing: 'Service {service} sends requests to {container} before it is ready: it has no readinessProbe.',
    },
  },

  check(model, report) {
    for (const pod of podsOf(model.project)) {
      if (!SERVED.has(pod.workload.resourceKind.value)) continue;
      for (const { path, service } of pod.services) {
        const target = targetOf(pod, service.ports[0]?.targetPort?.value ?? service.ports[0]?.port?.value);
        if (!target || hasProbe(target) || inOverlays(pod, target).some(hasProbe)) continue;
        const at = target.name ?? target;
        report({ file: pod.path, start: at.start, end: at.end }, 'missing', {
          data: { service: service.name?.value ?? '', container: target.name?.value ?? '' },
          anchor: `${pod.workload.name?.value} ${target.name?.value}`,
          evidence: service.name
            ? [
                {
                  span: { file: path, start: service.name.start, end: service.name.end },
                  message: 'the Service that selects the pod',
                },
              ]
            : [],
          fixes: probeFor(model, pod, target),
        });
        break;
      }
    }
  },
});

/** The container behind a Service's port; undefined if that is not certain, or it is no container of the project. */
function targetOf({ workload, own }: Pod, port: number | string | null | undefined): Container | undefined {
  const { containers } = workload.pod;
  if (port == null) return undefined;
  const declared = containers.filter(one =>
    one.ports.some(({ name, containerPort }) =>
      typeof port === 'number' ? containerPort?.value === port : name?.value === port,
    ),
  );
  const [only] = declared.length ? declared : containers;
  return only && (declared.length === 1 || containers.length === 1) && own.includes(only) ? only : undefined;
}

function hasProbe({ probes }: Container): boolean {
  return probes.some(one => one.probe === 'readiness');
}

function probeFor({ units }: Model, { path }: Pod, container: Container): FixDraft[] {
  const unit = units.all.find(one => one.workloads.some(run => run.container === container));
  const [route] = unit ? healthRoutes(unit) : [];
  const port = container.ports[0]?.name?.value ?? container.ports[0]?.containerPort?.value;
  if (!route || port == null) return [];
  return [
    {
      title: `Probe GET ${route.path} before sending requests`,
      kind: 'suggest',
      change({ text }) {
        const own = text(path);
        const lines = ['readinessProbe:', '  httpGet:', `    path: ${route.path}`, `    port: ${port}`];
        const edit = own === undefined ? undefined : appendToMap(path, own, container, lines);
        return edit && { edits: [edit], newFiles: [] };
      },
    },
  ];
}
