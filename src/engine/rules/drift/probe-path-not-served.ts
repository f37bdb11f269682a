import { replaceScalar } from '../../fixes/document.ts';
import { edit } from '../../fixes/source-style.ts';
import type { Model } from '../../link/model.ts';
import type { Unit } from '../../link/units.ts';
import { envOfContainer, imageEnv, portsOf } from '../../queries/drift/ports.ts';
import { type Probe, probesOf, servedBy } from '../../queries/drift/probes.ts';
import { healthRoutes } from '../../queries/health-routes.ts';
import { defineRule, type FixDraft } from '../rule.ts';

export const probePathNotServed = defineRule({
  meta: {
    id: 'drift/probe-path-not-served',
    theme: 'containers',
    benefits: ['scalability', 'integration'],
    severity: 'error',
    confidence: 'high',
    cwe: [],
    owasp: [],
    fix: 'suggest',
    messages: {
      missing: 'The {what} asks for GET {path}, which no route of {unit} answers.',
      moved: 'The {what} asks for GET {path}, but {unit} serves it at {real}.',
      method: 'The {what} asks for GET {path}, which {unit} answers only to {method}.',
      guarded: 'The {what} asks for GET {path} without a credential, and {unit} turns such callers away.',
    },
  },

  check(model, report) {
    for (const unit of model.units.all) {
      if (unit.opaque !== undefined) continue;
      for (const probe of probesOf(unit)) {
        if (!isForUnit(model, unit, probe)) continue;
        const served = servedBy(model, unit, probe.path);
        if (served.is === 'served') continue;
        const key = served.is === 'other-method' ? 'method' : served.is;
        const by = served.is === 'missing' ? undefined : served.by;
        const target = served.is === 'moved' ? served.by : healthRoutes(unit)[0];
        report(probe.span, key, {
          data: { what: probe.what, path: probe.path, unit: unit.name, real: by?.path ?? '', method: by?.method ?? '' },
          anchor: `${probe.what} ${probe.path}`,
          evidence: by ? [{ span: by.span, message: `${by.method} ${by.path}` }] : [],
          fixes: target && target.path !== probe.path ? [askFor(probe, target.path)] : [],
        });
      }
    }
  },
});

/** A probe of another port is for another server, of a sidecar or of a metrics library. */
function isForUnit({ project }: Model, unit: Unit, { port, span }: Probe): boolean {
  if (!port) return true;
  const run = unit.workloads.find(
    one => one.path === span.file && one.container.start <= span.start && span.end <= one.container.end,
  );
  const declared = run?.container.ports ?? [];
  const number =
    typeof port.value === 'string'
      ? declared.find(one => one.name?.value === port.value)?.containerPort?.value
      : port.value;
  const ports = portsOf(unit, run ? envOfContainer(project, unit, run.container) : imageEnv(unit));
  if (ports && number != null) return ports.includes(number);
  return declared.length < 2;
}

function askFor({ span, path, exact }: Probe, target: string): FixDraft {
  return {
    title: `Ask for ${target}`,
    kind: 'suggest',
    change({ text }) {
      const own = text(span.file);
      if (own === undefined) return undefined;
      if (exact) return { edits: [replaceScalar(span.file, own, span, target)], newFiles: [] };
      const url = /https?:\/\/[^/\s"']+/.exec(own.slice(span.start, span.end));
      const at = span.start + (url ? url.index + url[0].length : 0);
      const end = own.startsWith(path, at) ? at + path.length : at;
      return url ? { edits: [edit(span.file, [at, end], target)], newFiles: [] } : undefined;
    },
  };
}
