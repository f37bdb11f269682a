import { keepCause } from '../../fixes/error-cause.ts';
import { logCaught, logRejected } from '../../fixes/log-error.ts';
import { isNoop, swallowingCatches } from '../../queries/observability/catches.ts';
import { defineRule } from '../rule.ts';

const WRITES = new Set(['create', 'update', 'delete', 'upsert']);

export const swallowedError = defineRule({
  meta: {
    id: 'observability/swallowed-error',
    theme: 'observability',
    benefits: ['integration'],
    severity: 'warning',
    confidence: 'medium',
    cwe: [390, 391],
    owasp: ['A10:2025'],
    fix: 'suggest',
    messages: {
      nothing: 'An error in {name} disappears here: it is neither logged nor passed on.',
      success: 'An error in {name} is answered like a success, and nobody learns of it.',
      replaced: 'The error thrown here hides what went wrong in {name}: it has no cause.',
      promise: 'If {name} fails, the error disappears: the handler is empty.',
    },
  },

  check(model, report) {
    for (const [fn, { func, endpoints }] of model.reached) {
      if (!model.isJudged(func.file)) continue;
      for (const { stmt, ends } of swallowingCatches(func.env.unit.facts, fn)) {
        if (ends === 'other' || !stmt.handlerPos) continue;
        const [start, end] = stmt.handlerPos;
        const [first] = endpoints;
        const what = fn.name || (first ? `${first.method} ${first.path}` : 'the handler');
        report({ file: func.file, start, end }, ends, {
          data: { name: fn.name || 'this handler' },
          severity: ends === 'replaced' ? 'info' : 'warning',
          fixes: ends === 'replaced' ? keepCause(func.file, stmt) : logCaught(model, func.file, fn, stmt, what),
          evidence: endpoints
            .slice(0, 1)
            .map(one => ({ span: one.span, message: `${one.method} ${one.path} runs it` })),
          anchor: fn.name,
        });
      }
    }
    for (const { chain, is, kind, site, file, fn } of model.operations('db', 'message-publish')) {
      const handler = chain.find(one => one.name === 'catch')?.call;
      const given = handler?.a[0];
      if (given?.k !== 'fn' || !model.reached.has(fn)) continue;
      if ((kind === 'db' && !WRITES.has(String(is['action']))) || !isNoop(site.env.unit.facts.functions[given.f]))
        continue;
      const { f } = site.call;
      const name = f.k === 'mem' || f.k === 'id' ? f.n : 'the call';
      report({ file, start: given.p[0], end: given.p[1] }, 'promise', {
        data: { name },
        fixes: logRejected(model, file, fn, given, name),
        anchor: `${fn.name} ${name}`,
      });
    }
  },
});
