import { appendToMap } from '../../fixes/document-yaml.ts';
import type { Model } from '../../link/model.ts';
import { baselineViolations, type Pod, podsOf, resourcesOf, restrictedGaps } from '../../link/pods.ts';
import type { Container } from '../../model/artefacts/kubernetes.ts';
import { containerUser } from '../../queries/container-user.ts';
import { defineRule, type FixDraft } from '../rule.ts';

// Agents on every node need the node; that is what they are for.
const NODE_AGENTS = new Set(['DaemonSet']);

export const podSecurity = defineRule({
  meta: {
    id: 'k8s/pod-security',
    theme: 'containers',
    benefits: ['security'],
    severity: 'warning',
    confidence: 'high',
    cwe: [250, 269],
    owasp: ['A02:2025'],
    fix: 'suggest',
    messages: {
      baseline: 'The pod of {name} asks for what no web service needs: {what}.',
      restricted: 'Container {container} of {name} leaves open what it does not need: {what}.',
    },
  },

  check(model, report) {
    const { project } = model;
    const enforced = new Set(
      resourcesOf(project).flatMap(({ resource }) =>
        resource.labels.some(
          ({ name, value }) => name.value === 'pod-security.kubernetes.io/enforce' && value.value === 'restricted',
        )
          ? [resource.name?.value ?? '']
          : [],
      ),
    );
    for (const pod of podsOf(project)) {
      const { path, workload, own } = pod;
      if (NODE_AGENTS.has(workload.resourceKind.value) || enforced.has(workload.namespace?.value ?? '-')) continue;
      const name = workload.name?.value ?? workload.resourceKind.value;
      const violations = own.length ? baselineViolations(pod) : [];
      const [first] = violations;
      if (first)
        report({ file: path, start: first.start, end: first.end }, 'baseline', {
          data: { name, what: violations.map(one => one.what).join(', ') },
          severity: 'error',
          anchor: `${workload.resourceKind.value} ${name}`,
          evidence: violations.map(({ what, start, end }) => ({ span: { file: path, start, end }, message: what })),
        });
      const open = own
        .map(container => ({ container, gaps: restrictedGaps(pod, container) }))
        .filter(one => one.gaps.length);
      const [worst] = open;
      if (!worst) continue;
      const at = worst.container.name ?? worst.container;
      report({ file: path, start: at.start, end: at.end }, 'restricted', {
        data: { name, container: worst.container.name?.value ?? '', what: worst.gaps.join(', ') },
        anchor: `${workload.resourceKind.value} ${name}`,
        fixes: [harden(model, pod, open)],
      });
    }
  },
});

function harden(model: Model, pod: Pod, open: readonly { container: Container; gaps: readonly string[] }[]): FixDraft {
  return {
    title: 'Ask for what the restricted Pod Security Standard asks for',
    kind: 'suggest',
    change({ text }) {
      const own = text(pod.path);
      if (own === undefined) return undefined;
      const edits = open.map(({ container, gaps }) => {
        const context = container.securityContext;
        const lines = linesFor(gaps, needsUser(model, container));
        if (!context)
          return appendToMap(pod.path, own, container, ['securityContext:', ...lines.map(line => `  ${line}`)]);
        // A list that is there would have to be merged by hand.
        if (context.capabilitiesAdd.length || context.capabilitiesDrop.length || context.seccompProfile)
          return undefined;
        return appendToMap(pod.path, own, context, lines);
      });
      return edits.every(edit => edit !== undefined) ? { edits, newFiles: [] } : undefined;
    },
  };
}

function linesFor(gaps: readonly string[], user: boolean): string[] {
  return gaps.flatMap(gap => {
    if (gap.startsWith('capabilities')) return ['capabilities:', '  drop: [ALL]'];
    if (gap.startsWith('seccomp')) return ['seccompProfile:', '  type: RuntimeDefault'];
    return gap.startsWith('runAsNonRoot') && user ? [gap, 'runAsUser: 1000'] : [gap];
  });
}

/** The kubelet refuses an image that starts as root or as a user it knows only by name. */
function needsUser({ project, units }: Model, container: Container): boolean {
  const unit = units.all.find(one => one.workloads.some(run => run.container === container));
  return (unit?.images ?? []).some(image => {
    const { is, stated, nodeUser } = containerUser(project, image);
    return nodeUser && (is === 'root' || (stated !== undefined && !/^\d/.test(stated.value)));
  });
}
