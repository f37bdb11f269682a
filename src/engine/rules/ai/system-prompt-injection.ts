import { instructed } from '../../flow/asked.ts';
import { defineRule } from '../rule.ts';

export const systemPromptInjection = defineRule({
  meta: {
    id: 'ai/system-prompt-injection',
    theme: 'ai-automation',
    benefits: ['security'],
    severity: 'error',
    confidence: 'medium',
    cwe: [1427],
    owasp: ['A05:2025', 'LLM01:2025'],
    fix: 'guide',
    sinks: ['asked'],
    messages: {
      text: '{source} becomes part of the instructions that `{call}` gives the model, where it counts as your own word.',
    },
  },

  check(model, report) {
    for (const { span, options } of instructed(model)) report(span, 'text', options);
  },
});
