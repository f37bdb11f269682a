import { reaching } from '../../flow/findings.ts';
import { defineRule } from '../rule.ts';

const KINDS = ['sql', 'command', 'code', 'path', 'url', 'html', 'redirect'] as const;
const WRITES = /^(?:write|append|unlink|rm|mk|rename|copy|cp|truncate|chmod|symlink|createWrite)/;

export const modelOutputToSink = defineRule({
  meta: {
    id: 'ai/model-output-to-sink',
    theme: 'ai-automation',
    benefits: ['security'],
    severity: 'error',
    confidence: 'high',
    cwe: [94, 78, 89, 79, 918, 22],
    owasp: ['A05:2025', 'LLM05:2025'],
    fix: 'guide',
    sinks: ['sql', 'command', 'code', 'path', 'url', 'html', 'redirect'],
    messages: {
      sql: '{source} becomes SQL text of `{call}`.',
      command: '{source} becomes part of a command that `{call}` runs.',
      code: '{source} is run as code by `{call}`.',
      path: '{source} decides which file `{call}` writes.',
      url: '{source} decides which host `{call}` sends a request to.',
      html: '{source} becomes HTML that `{call}` answers with.',
      redirect: '{source} decides where `{call}` sends the browser.',
    },
  },

  check(model, report) {
    for (const kind of KINDS) {
      for (const { span, flow, options } of reaching(model, kind, 'model')) {
        // Reading a file that the model named is what many tools are for.
        if (kind === 'path' && !WRITES.test(flow.sink.callee)) continue;
        const isMild = kind === 'html' || kind === 'redirect';
        report(span, kind, isMild ? { ...options, severity: 'warning' } : options);
      }
    }
  },
});
