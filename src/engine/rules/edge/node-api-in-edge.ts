import { enableNodeCompat, runOnNode } from '../../fixes/edge-runtime.ts';
import type { Evidence } from '../../model/finding.ts';
import { type EdgeEntry, type EdgeLack, edgeLacks } from '../../queries/edge/edge-entries.ts';
import { insteadOf, lackInWorker, worksFrom } from '../../queries/edge/edge-support.ts';
import { defineRule } from '../rule.ts';

export const nodeApiInEdge = defineRule({
  meta: {
    id: 'edge/node-api-in-edge',
    theme: 'edge',
    benefits: ['performance', 'integration'],
    severity: 'error',
    confidence: 'high',
    cwe: [],
    owasp: [],
    fix: 'suggest',
    messages: {
      next: '`{module}` does not exist in the edge runtime that {entry} asks for{instead}.',
      compat: '`{module}` does not exist in the Worker of {entry} as long as nodejs_compat is off.',
      date: '`{module}` works in Workers only from compatibility date {date}; {entry} has an older one.',
      never: '`{module}` does not work in Workers, where {entry} runs this{instead}.',
    },
  },

  check(model, report) {
    const told = new Set<EdgeEntry>();
    const lacks = edgeLacks(model);
    for (const found of lacks) {
      const [entry] = found.entries;
      if (!entry) continue;
      const { module, lack, edge } = found;
      const isFlag = entry.platform === 'worker' && lack === 'compat';
      // One setting is missing, however many modules need it.
      if (isFlag && found.entries.every(one => told.has(one))) continue;
      if (isFlag) for (const one of found.entries) told.add(one);
      const others = isFlag
        ? lacks.filter(one => one !== found && one.lack === lack && one.entries.includes(entry))
        : [];
      const instead = insteadOf(module);
      report(edge.span, entry.platform === 'next' ? 'next' : lack, {
        data: {
          module,
          entry: entry.span.file,
          date: worksFrom(module),
          instead: instead ? `; ${instead} does` : '',
        },
        evidence: [...proof(found, entry), ...others.map(one => ({ span: one.edge.span, message: 'needs it too' }))],
        fixes: [fixOf(found, entry)].filter(one => one !== undefined),
        anchor: `${module} ${entry.span.file}`,
      });
    }
  },
});

function proof({ way }: EdgeLack, { span }: EdgeEntry): Evidence[] {
  const start = { span, message: span.start === span.end ? 'runs at the edge' : 'makes it run at the edge' };
  return [start, ...way.map(edge => ({ span: edge.span, message: 'leads here' }))];
}

function fixOf({ entries, lack, module }: EdgeLack, entry: EdgeEntry): ReturnType<typeof runOnNode> {
  if (entry.platform === 'next') return runOnNode(entries);
  const { worker } = entry;
  if (lack !== 'compat' || entries.length > 1 || !worker) return undefined;
  const after = { ...worker.setup, flags: [...worker.setup.flags, 'nodejs_compat'] };
  return lackInWorker(module, after) ? undefined : enableNodeCompat(entry);
}
