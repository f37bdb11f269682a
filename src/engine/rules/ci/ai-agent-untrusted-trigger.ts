import { openAgents } from '../../queries/ci/workflow-dangers.ts';
import { defineRule } from '../rule.ts';

export const aiAgentUntrustedTrigger = defineRule({
  meta: {
    id: 'ci/ai-agent-untrusted-trigger',
    theme: 'ai-automation',
    benefits: ['security'],
    severity: 'error',
    confidence: 'high',
    cwe: [1427, 863],
    owasp: ['LLM01:2025', 'LLM06:2025'],
    fix: 'guide',
    messages: {
      open: '{agent} reads what any stranger writes and works in job {job} with a token that may write.',
    },
  },

  check({ project }, report) {
    for (const { path, facts } of project.artefactsOf('github-workflow')) {
      for (const { job, agent, at } of openAgents(facts))
        report({ file: path, start: at.start, end: at.end }, 'open', {
          data: { agent, job: job.id.value },
          anchor: `${job.id.value} ${agent}`,
        });
    }
  },
});
