import { returnAnswer } from '../../fixes/async-handler.ts';
import { callsIn } from '../../link/call-index.ts';
import { eachExprIn } from '../../link/env.ts';
import type { ServerlessHandler } from '../../link/serverless.ts';
import type { ExprOf, FunctionFact } from '../../model/facts.ts';
import { defineRule } from '../rule.ts';

/** The first Node.js major whose Lambda runtime calls handlers without a callback. */
const WITHOUT_CALLBACKS = 24;
const OLD_CONTEXT = new Set(['done', 'succeed', 'fail']);

export const callbackHandler = defineRule({
  meta: {
    id: 'serverless/callback-handler',
    theme: 'serverless',
    benefits: ['scalability'],
    severity: 'warning',
    confidence: 'high',
    cwe: [477],
    owasp: [],
    fix: 'auto',
    messages: {
      gone: '{name} answers through a callback, which the Node.js {node} runtime no longer calls handlers with.',
      old: '{name} answers through a callback, which runtimes from Node.js 24 on no longer support.',
      mixed: '{name} is async and also calls its callback: whichever settles first wins.',
    },
  },

  check(model, report) {
    const seen = new Set<FunctionFact>();
    for (const handler of model.handlers) {
      const { func, node, span } = handler;
      if (handler.platform !== 'lambda' || !handler.direct || seen.has(func.fn)) continue;
      const facts = model.program.units.get(func.file)?.facts;
      const way = answersBy(facts?.functions ?? [], func.fn);
      if (!facts || !way) continue;
      seen.add(func.fn);
      const isGone = node !== undefined && node >= WITHOUT_CALLBACKS;
      const [start, end] = func.fn.params[2]?.pat.p ?? (way.f.k === 'mem' ? way.f.np : way.p);
      report({ file: func.file, start, end }, isGone ? 'gone' : func.fn.async ? 'mixed' : 'old', {
        data: { name: nameOf(handler), node: node ?? '' },
        severity: isGone ? 'error' : 'warning',
        evidence: [
          { span: { file: func.file, start: way.p[0], end: way.p[1] }, message: 'The answer is given here' },
          { span, message: 'Named as a handler here' },
        ],
        fixes: returnAnswer(facts, func.fn, call => isAnswer(func.fn, call)),
        anchor: handler.name,
      });
    }
  },
});

/** The first call of the handler's callback, or of the methods that came before it. */
function answersBy(functions: readonly FunctionFact[], fn: FunctionFact): ExprOf<'call'> | undefined {
  const callback = fn.params[2]?.pat;
  let found: ExprOf<'call'> | undefined;
  const look = (one: FunctionFact): void => {
    for (const { call } of callsIn(one)) {
      if (found) return;
      if (isAnswer(fn, call)) found = call;
    }
    // Handed on, e.g. `done(null, callback)`: whoever gets it calls it.
    if (callback?.k === 'pid')
      eachExprIn(one, e => {
        if (!found && e.k === 'call' && e.a.some(arg => arg.k === 'id' && arg.n === callback.n && arg.s === fn.id))
          found = e;
      });
    for (const inner of functions) if (inner.parent === one.id) look(inner);
  };
  look(fn);
  return found;
}

function isAnswer(fn: FunctionFact, { f }: ExprOf<'call'>): boolean {
  const [, context, callback] = fn.params.map(one => one.pat);
  if (f.k === 'id') return callback?.k === 'pid' && f.n === callback.n && f.s === fn.id;
  if (f.k !== 'mem' || !OLD_CONTEXT.has(f.n) || f.o.k !== 'id' || f.o.s !== fn.id) return false;
  return context?.k === 'pid' && f.o.n === context.n;
}

function nameOf({ func, name }: ServerlessHandler): string {
  return func.fn.name || name;
}
