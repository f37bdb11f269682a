import {
  type Crossing,
  layerCrossings,
  packageCycles,
  serviceCrossings,
  titleOf,
} from '../../queries/microservices/boundaries.ts';
import { defineRule } from '../rule.ts';

export const boundaryImport = defineRule({
  meta: {
    id: 'microservices/boundary-import',
    theme: 'microservices',
    benefits: ['integration', 'scalability'],
    severity: 'warning',
    confidence: 'medium',
    cwe: [1047],
    owasp: [],
    messages: {
      service: '{from} imports source of {to}, which runs as a service of its own.',
      layer: 'The domain layer imports {file} of the infrastructure layer.',
      cycle: 'The packages {names} import each other in a circle.',
    },
  },

  check(model, report) {
    const told = new Set<string>();
    // One finding for each file that reaches over; its further imports are evidence.
    const all = serviceCrossings(model);
    for (const crossing of all) {
      const { edge, from, to } = crossing;
      const key = `${edge.from} ${to}`;
      if (told.has(key)) continue;
      told.add(key);
      const others = all.filter(one => one !== crossing && one.edge.from === edge.from && one.to === to);
      report(edge.span, 'service', {
        data: { from: titleOf(model, from), to: titleOf(model, to) },
        evidence: others.map(one => ({ span: one.edge.span, message: 'and here' })),
        anchor: `${from} ${edge.dependency.module}`,
      });
    }
    for (const { edge } of layerCrossings(model)) {
      report(edge.span, 'layer', {
        data: { file: edge.target.k === 'file' ? edge.target.path : edge.dependency.module },
        anchor: edge.dependency.module,
      });
    }
    for (const cycle of packageCycles(model)) {
      const names = cycle.map(({ from }) => titleOf(model, from)).join(', ');
      report(cycle[0]!.edge.span, 'cycle', { data: { names }, evidence: wayBack(cycle), anchor: names });
    }
  },
});

function wayBack(cycle: readonly Crossing[]): { span: Crossing['edge']['span']; message: string }[] {
  return cycle.slice(1).map(({ edge, to }) => ({ span: edge.span, message: `leads on to ${to}` }));
}
