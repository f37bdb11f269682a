import { edgeProblems } from '../../link/edge.ts';
import { defineRule } from '../rule.ts';

export const nodeApiInEdge = defineRule({
  meta: {
    id: 'edge/node-api-in-edge',
    theme: 'edge',
    benefits: ['scalability', 'performance'],
    severity: 'error',
    confidence: 'high',
    cwe: [],
    owasp: [],
    fix: 'guide',
    messages: {
      builtin: '`{module}` does not exist in {runtime}, where this code runs.',
      addon: '`{module}` is a native add-on, which {runtime} cannot load.',
      driver: '`{module}` needs Node.js sockets or crypto, which {runtime} does not have.',
      flag: '`{module}` does not exist in {runtime} without the flag `nodejs_compat`.',
    },
  },

  check(model, report) {
    for (const { span, module, runtime, why, entry } of edgeProblems(model)) {
      report(span, why, {
        data: { module, runtime },
        evidence: [{ span: entry, message: `runs in ${runtime}` }],
        anchor: module,
      });
    }
  },
});
