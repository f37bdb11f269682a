import { onlySpoken } from '../../fixes/spoken-roles.ts';
import { askedByCaller } from '../../flow/asked.ts';
import { defineRule } from '../rule.ts';

export const clientControlledMessages = defineRule({
  meta: {
    id: 'ai/client-controlled-messages',
    theme: 'ai-automation',
    benefits: ['security'],
    severity: 'warning',
    confidence: 'medium',
    cwe: [1427, 915],
    owasp: ['LLM01:2025', 'LLM10:2025', 'API3:2023'],
    fix: 'suggest',
    sinks: ['asked'],
    messages: {
      everything:
        'All of {source} is passed to `{call}`: whoever sends it chooses instructions, model, tools and cost.',
      messages: '{source} is the whole conversation that `{call}` gets: its sender can add messages of the system.',
      role: '{source} decides in whose name a message of `{call}` speaks; it can be the system.',
      tools: '{source} decides which tools the model of `{call}` may use.',
      model: '{source} decides which model `{call}` asks, at your expense.',
      limit: '{source} decides how much the model of `{call}` may write, at your expense.',
    },
  },

  check(model, report) {
    for (const asked of askedByCaller(model)) {
      const { first, option } = asked;
      report(first.span, option, { ...first.options, fixes: onlySpoken(model, asked) });
    }
  },
});
