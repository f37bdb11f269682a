import { uncheckedAnswers } from '../../queries/ai/unchecked-answers.ts';
import { defineRule } from '../rule.ts';

export const modelOutputUnvalidated = defineRule({
  meta: {
    id: 'ai/model-output-unvalidated',
    theme: 'ai-automation',
    benefits: ['security', 'integration'],
    severity: 'warning',
    confidence: 'medium',
    cwe: [20, 502],
    owasp: ['A05:2025', 'LLM05:2025'],
    fix: 'guide',
    sinks: ['parsed'],
    messages: {
      used: '`{used}` is read from JSON that a language model wrote, and nothing checks that it is there and what it is.',
    },
  },

  check(model, report) {
    for (const { reached, used } of uncheckedAnswers(model)) {
      const { flow, options } = reached;
      report(flow.sink.call, 'used', {
        data: { used },
        evidence: options.evidence,
        anchor: `${options.anchor} ${used}`,
      });
    }
  },
});
