import { allowedNames } from '../../fixes/allowed-name.ts';
import { bindValues } from '../../fixes/bind-values.ts';
import { reachedByUsers, reaching } from '../../flow/findings.ts';
import { isNamePosition } from '../../flow/positions.ts';
import { defineRule } from '../rule.ts';

export const sqlInjection = defineRule({
  meta: {
    id: 'security/sql-injection',
    theme: 'security',
    benefits: ['security', 'data-management'],
    severity: 'error',
    confidence: 'high',
    cwe: [89],
    owasp: ['A05:2025'],
    fix: 'auto',
    sinks: ['sql'],
    messages: {
      text: '{source} becomes part of the SQL text of `{call}`.',
      argument: '{source} of whoever calls this function becomes part of the SQL text of `{call}`.',
      name: '{source} stands where the SQL text of `{call}` needs a name or a keyword, which a placeholder cannot be.',
    },
  },

  check(model, report) {
    for (const { span, flow, options } of reachedByUsers(model, 'sql'))
      if (!isNamePosition(flow.before))
        report(span, 'argument', { ...options, severity: 'warning', confidence: 'medium' });
    for (const reached of reaching(model, 'sql', 'remote')) {
      const { span, flow, flows, options } = reached;
      const names = flows.every(one => isNamePosition(one.before));
      report(span, names ? 'name' : 'text', {
        ...options,
        fixes: names ? allowedNames(reached) : bindValues(model, flow.sink),
      });
    }
  },
});
