import { reaching } from '../../flow/findings.ts';
import { defineRule } from '../rule.ts';

const KINDS = ['inflate', 'size'] as const;

export const resourceExhaustion = defineRule({
  meta: {
    id: 'security/resource-exhaustion',
    theme: 'security',
    benefits: ['security', 'performance'],
    severity: 'warning',
    confidence: 'medium',
    cwe: [400, 409, 789, 834],
    owasp: ['A06:2025', 'API4:2023'],
    fix: 'guide',
    sinks: ['size', 'inflate', 'loop'],
    messages: {
      inflate: '{source} is unpacked by `{call}` without a limit on its size.',
      loop: '{source} decides without a limit how often this loop runs.',
      length: 'The loop runs as often as {source} says that it is long, and an object may say anything.',
      size: '{source} decides without a limit how much `{call}` takes.',
    },
  },

  check(model, report) {
    for (const kind of KINDS)
      for (const { span, options } of reaching(model, kind, 'remote')) report(span, kind, options);
    for (const { span, flow, options } of reaching(model, 'loop', 'remote'))
      report(span, flow.sink.stated ? 'length' : 'loop', options);
  },
});
