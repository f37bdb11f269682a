import { runProgram } from '../../fixes/run-program.ts';
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
    fix: 'auto',
    sinks: ['command', 'option'],
    messages: {
      shell: '{source} becomes part of a command that `{call}` runs.',
      argument: '{source} of whoever calls this function becomes part of a command that `{call}` runs in a shell.',
      started: '{source} of whoever starts the program becomes part of a command that `{call}` runs in a shell.',
      option: '{source} can be an option of the program that `{call}` starts.',
    },
  },

  check(model, report) {
    for (const reached of reaching(model, 'command', 'remote'))
      report(reached.span, 'shell', { ...reached.options, fixes: runProgram(model, reached) });
    for (const { span, options } of reaching(model, 'option', 'remote'))
      report(span, 'option', { ...options, severity: 'warning' });
    for (const reached of reachedByUsers(model, 'command')) {
      const { span, options } = reached;
      const fixes = runProgram(model, reached);
      report(span, 'argument', { ...options, severity: 'warning', confidence: 'medium', fixes });
    }
    for (const { span, options } of reaching(model, 'command', 'started'))
      report(span, 'started', { ...options, severity: 'info', confidence: 'low' });
  },
});
