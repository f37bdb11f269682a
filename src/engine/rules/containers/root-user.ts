import { insertBeforeStart, ownCopies } from '../../fixes/document-dockerfile.ts';
import type { BuiltImage } from '../../link/images.ts';
import type { Unit } from '../../link/units.ts';
import { containerUser } from '../../queries/container-user.ts';
import { defineRule, type FixDraft } from '../rule.ts';

export const rootUser = defineRule({
  meta: {
    id: 'containers/root-user',
    theme: 'containers',
    benefits: ['security'],
    severity: 'warning',
    confidence: 'high',
    cwe: [250],
    owasp: ['A02:2025'],
    fix: 'suggest',
    messages: {
      base: 'The container runs as root: {base} starts as root and no USER follows.',
      stated: 'The container runs as root: USER {user} is the last word on it.',
    },
  },

  check({ project, units }, report) {
    const told = new Set<string>();
    for (const image of units.images) {
      const { stage, path } = image;
      if (!stage.cmd && !stage.entrypoint) continue;
      const { is, stated, nodeUser } = containerUser(project, image);
      if (is !== 'root') continue;
      const unit = units.all.find(one => one.images.includes(image));
      if (unit && startedAsOther(unit)) continue;
      // Images of one file that end in the same base are repaired in one place.
      const key = `${path} ${stated?.start ?? stage.chain.at(-1)!.index}`;
      if (told.has(key)) continue;
      told.add(key);
      const at = stated ?? stage.stage.from.image;
      report({ file: path, start: at.start, end: at.end }, stated ? 'stated' : 'base', {
        data: { base: stage.base.image.value, user: stated?.value ?? '' },
        anchor: stage.stage.name?.value ?? 'final stage',
        fixes: nodeUser && !stated ? [becomeNode(image, unit)] : [],
      });
    }
  },
});

/** Every pod that runs the image says a user of its own. */
function startedAsOther({ workloads, composeServices }: Unit): boolean {
  const users = [
    ...workloads.map(({ workload, container }) => {
      const user = container.securityContext?.runAsUser ?? workload.pod.securityContext?.runAsUser;
      return user && user.value !== 0;
    }),
    ...composeServices.flatMap(({ service }) =>
      service.user ? [!/^(?:0|root)(?::|$)/.test(service.user.value ?? '')] : [],
    ),
  ];
  return users.length > 0 && users.every(Boolean);
}

function becomeNode({ path, stage }: BuiltImage, unit: Unit | undefined): FixDraft {
  // The kubelet can check only a number.
  const needsNumber = unit?.workloads.some(
    ({ workload, container }) =>
      (container.securityContext ?? workload.pod.securityContext)?.runAsNonRoot?.value === true,
  );
  const user = stage.base.image.value.includes('bun') ? 'bun' : 'node';
  return {
    title: `Run as the ${user} user of the base image`,
    kind: 'suggest',
    change({ text }) {
      const own = text(path);
      if (own === undefined) return undefined;
      const line = needsNumber ? 'USER 1000:1000' : `USER ${user}`;
      const owner = needsNumber ? '1000:1000' : `${user}:${user}`;
      const edits = [...ownCopies(path, stage.stage, owner), insertBeforeStart(path, own, stage.stage, line)];
      return { edits, newFiles: [] };
    },
  };
}
