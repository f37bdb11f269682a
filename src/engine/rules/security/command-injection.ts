import { reachedByUsers, reaching } from '../../flow/findings.ts';
import { defineRule } from '../rule.ts';

export const commandInjection = defineRule({
  meta: {
    id: 'security/command-injection',
    theme: 'security',
    benefits: ['security'],
    severity: 'error',
    confidence: 'high',
    cwe: [78, 88],
    owasp: ['A05:2025'],
    fix: 'guide',
    sinks: ['command', 'option'],
    messages: {
      shell: '{source} becomes part of a command that `{call}` runs.',
      argument: '{source} of whoever calls this function becomes part of a command that `{call}` runs in a shell.',
      started: '{source} of whoever starts the program becomes part of a command that `{call}` runs in a shell.',
      option: '{source} can be an option of the program that `{call}` starts.',
    },
  },

  check(model, report) {
    for (const { span, options } of reaching(model, 'command', 'remote')) report(span, 'shell', options);
    for (const { span, options } of reaching(model, 'option', 'remote'))
      report(span, 'option', { ...options, severity: 'warning' });
    for (const { span, options } of reachedByUsers(model, 'command'))
      report(span, 'argument', { ...options, severity: 'warning', confidence: 'medium' });
    for (const { span, options } of reaching(model, 'command', 'started'))
      report(span, 'started', { ...options, severity: 'info', confidence: 'low' });
  },
});
