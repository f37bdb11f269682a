import { runsOfStrangers } from '../../queries/ci/workflow-dangers.ts';
import { defineRule } from '../rule.ts';

export const untrustedCodeInPrivilegedWorkflow = defineRule({
  meta: {
    id: 'ci/untrusted-code-in-privileged-workflow',
    theme: 'security',
    benefits: ['security'],
    severity: 'error',
    confidence: 'high',
    cwe: [829, 94],
    owasp: ['A08:2025', 'A03:2025'],
    fix: 'guide',
    messages: {
      runs: 'Job {job} runs code of a pull request with the secrets or the token of this repository.',
    },
  },

  check({ project }, report) {
    for (const { path, facts } of project.artefactsOf('github-workflow')) {
      for (const { job, fetch, at } of runsOfStrangers(facts)) {
        report({ file: path, start: at.start, end: at.end }, 'runs', {
          data: { job: job.id.value },
          evidence: [{ span: { file: path, start: fetch.start, end: fetch.end }, message: 'fetched here' }],
          anchor: job.id.value,
        });
      }
    }
  },
});
