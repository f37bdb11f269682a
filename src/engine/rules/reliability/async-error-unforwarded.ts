import { forwardErrors } from '../../fixes/forward-errors.ts';
import { unforwardedHandlers } from '../../queries/reliability/async-handlers.ts';
import { defineRule } from '../rule.ts';

export const asyncErrorUnforwarded = defineRule({
  meta: {
    id: 'reliability/async-error-unforwarded',
    theme: 'performance',
    benefits: ['performance'],
    severity: 'error',
    confidence: 'high',
    cwe: [755, 248],
    owasp: ['A10:2025'],
    fix: 'suggest',
    messages: {
      hangs: 'If this fails, the request hangs: {framework} {version} ignores the promise of {name}.',
    },
  },

  check(model, report) {
    for (const handler of unforwardedHandlers(model)) {
      const { func, entry, await: at, framework, version } = handler;
      const [start] = at;
      report({ file: func.file, start, end: start + 'await'.length }, 'hangs', {
        data: { framework, version: version.split('.')[0] ?? version, name: func.fn.name || 'an async handler' },
        evidence: [{ span: entry.span, message: 'the function is registered here' }],
        fixes: forwardErrors(model, handler),
        anchor: func.fn.name,
      });
    }
  },
});
