import { escapeInPattern } from '../../fixes/escape-pattern.ts';
import { reachedByUsers, reaching } from '../../flow/findings.ts';
import { slowMatches, slowSchemas } from '../../queries/security/pattern-flows.ts';
import { defineRule } from '../rule.ts';

export const regexDos = defineRule({
  meta: {
    id: 'security/regex-dos',
    theme: 'security',
    benefits: ['security', 'performance'],
    severity: 'warning',
    confidence: 'high',
    cwe: [1333, 400],
    owasp: ['A06:2025', 'API4:2023'],
    fix: 'auto',
    sinks: ['regex', 'matched'],
    messages: {
      pattern: '{source} becomes a regular expression: whoever sends it can keep the process busy with one request.',
      argument: '{source} of whoever calls this function becomes part of a regular expression, as it is.',
      schema:
        '`{part}` can match the same text in so many ways that a value of a few dozen characters stops the process.',
      exponential: '`{part}` can match {source} in so many ways that a few dozen characters stop the process.',
      polynomial:
        '`{part}` is tried again from every place of {source}, so the time grows with the square of its length.',
    },
  },

  check(model, report) {
    for (const reached of reaching(model, 'regex', 'remote'))
      report(reached.span, 'pattern', { ...reached.options, fixes: escapeInPattern(reached) });
    for (const { span, options } of reachedByUsers(model, 'regex'))
      report(span, 'argument', { ...options, severity: 'info' });
    for (const { span, part } of slowSchemas(model))
      report(span, 'schema', { data: { part }, severity: 'error', anchor: part });
    for (const { reached, cost, long } of slowMatches(model)) {
      const { growth, part } = cost;
      const isArgument = reached.flow.label === 'caller';
      report(reached.span, growth, {
        ...reached.options,
        data: { ...reached.options.data, part },
        severity: growth === 'exponential' ? (isArgument ? 'warning' : 'error') : long ? 'warning' : 'info',
      });
    }
  },
});
