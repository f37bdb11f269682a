import { replaceScalar } from '../../fixes/document.ts';
import type { Model } from '../../link/model.ts';
import type { Unit, WorkloadContainer } from '../../link/units.ts';
import type { TextRange } from '../../model/document.ts';
import type { Evidence } from '../../model/finding.ts';
import { envOfContainer, envOfService, imageEnv, portsOf } from '../../queries/drift/ports.ts';
import { brokenLinks } from '../../queries/drift/service-links.ts';
import { defineRule, type FixDraft } from '../rule.ts';

export const portMismatch = defineRule({
  meta: {
    id: 'drift/port-mismatch',
    theme: 'containers',
    benefits: ['integration', 'scalability'],
    severity: 'error',
    confidence: 'high',
    cwe: [],
    owasp: [],
    fix: 'auto',
    messages: {
      target: '{what} sends to port {port}, but {unit} listens on {ports}.',
      name: '{what} sends to the port named {port}, which container {container} does not declare.',
      ingress: 'The Ingress sends to port {port} of {service}, which opens {ports}.',
      selector: '{service} selects {labels}, which no pod template carries: it sends to nothing.',
      expose: 'EXPOSE names port {port}, but {unit} listens on {ports}.',
    },
  },

  check(model, report) {
    for (const link of brokenLinks(model.project)) {
      if (link.is === 'selector') report(link.at, 'selector', { data: { service: link.service, labels: link.labels } });
      else
        report(link.at, 'ingress', {
          data: { port: link.port, service: link.service, ports: link.open.join(', ') },
          evidence: [{ span: link.proof, message: 'the port of the Service' }],
          fixes:
            typeof link.port === 'number' && link.open.length === 1
              ? [usePort(link.at.file, link.at, link.port, link.open[0]!)]
              : [],
        });
    }
    for (const unit of model.units.all) {
      if (unit.listens.length === 0) continue;
      const evidence: Evidence[] = unit.listens.map(({ operation }) => ({
        span: operation.span,
        message: 'listens here',
      }));
      const tell = (file: string, at: TextRange, what: string, port: number, ports: readonly number[]): void =>
        report({ file, start: at.start, end: at.end }, what ? 'target' : 'expose', {
          data: { what, port, unit: unit.name, ports: ports.join(', ') },
          ...(what ? {} : { severity: 'info' as const }),
          anchor: `${what} ${port}`,
          evidence,
          fixes: ports.length === 1 ? [usePort(file, at, port, ports[0]!)] : [],
        });
      for (const run of unit.workloads) {
        for (const { file, what, at, port, named } of targetsOf(run)) {
          if (named !== undefined) {
            report({ file, start: at.start, end: at.end }, 'name', {
              data: { what, port: named, container: run.container.name?.value ?? '' },
              anchor: `${what} ${named}`,
            });
            continue;
          }
          const ports = portsOf(unit, envOfContainer(model.project, unit, run.container));
          if (ports && !ports.includes(port)) tell(file, at, what, port, ports);
        }
      }
      for (const one of unit.composeServices) {
        const ports = portsOf(unit, envOfService(unit, one));
        const published = one.service.ports.filter(port => port.target !== undefined);
        if (!ports || published.length === 0 || published.some(port => ports.includes(port.target!))) continue;
        const [first] = published;
        tell(one.path, first!, `${one.service.name.value} in the compose file`, first!.target!, ports);
      }
      checkExpose(model, unit, tell);
    }
  },
});

type Tell = (file: string, at: TextRange, what: string, port: number, ports: readonly number[]) => void;

interface Target {
  readonly file: string;
  readonly what: string;
  readonly at: TextRange;
  readonly port: number;
  /** A port name that no container of the pod declares. */
  readonly named?: string;
}

/** The first place of each way in that must hit the port the program listens on; pods with helpers are left out. */
function targetsOf({ path, workload, container, services }: WorkloadContainer): Target[] {
  if (workload.pod.containers.length > 1) return [];
  const out: Target[] = [];
  const follow = (
    file: string,
    what: string,
    target: (TextRange & { value: number | string | null }) | undefined,
  ): void => {
    if (!target || target.value === null) return;
    if (typeof target.value === 'number') out.push({ file, what, at: target, port: target.value });
    else {
      const declared = container.ports.find(one => one.name?.value === target.value)?.containerPort;
      if (!declared) out.push({ file, what, at: target, port: 0, named: target.value });
      else if (declared.value !== null && !out.some(one => one.at.start === declared.start))
        out.push({ file: path, what, at: declared, port: declared.value });
    }
  };
  for (const { path: file, service } of services)
    for (const { targetPort, port } of service.ports)
      follow(file, `Service ${service.name?.value ?? ''}`.trim(), targetPort ?? port);
  for (const { probe, port } of container.probes) follow(path, `The ${probe} probe`, port);
  return out;
}

/** EXPOSE is only a note, so all of its ports must be wrong. */
function checkExpose(_model: Model, unit: Unit, tell: Tell): void {
  const ports = portsOf(unit, imageEnv(unit));
  if (!ports || unit.images.length !== 1) return;
  for (const { path, stage } of unit.images) {
    const exposed = stage.expose.filter(one => /^\d+(?:\/tcp)?$/.test(one.value));
    const [first] = exposed;
    if (!first || exposed.length !== stage.expose.length) continue;
    if (exposed.every(one => !ports.includes(Number.parseInt(one.value, 10))))
      tell(path, first, '', Number.parseInt(first.value, 10), ports);
  }
}

function usePort(file: string, at: TextRange, from: number, to: number): FixDraft {
  return {
    title: `Use port ${to}`,
    kind: 'auto',
    change({ text }) {
      const own = text(file);
      const written = own?.slice(at.start, at.end) ?? '';
      // `"8080:3000"` of a compose file: the right side is the container's.
      const match = new RegExp(`^(.*:)?${from}(/tcp)?(["']?)$`).exec(written.replace(/^["']/, ''));
      if (own === undefined || !match) return undefined;
      const quote = /^["']/.test(written) ? 1 : 0;
      const start = at.start + quote + (match[1]?.length ?? 0);
      return { edits: [replaceScalar(file, own, { start, end: start + String(from).length }, to)], newFiles: [] };
    },
  };
}
