import { insertAfter } from '../../fixes/source-statement.ts';
import { styleOf } from '../../fixes/source-style.ts';
import {
  failuresHidden,
  type HiddenFailure,
  hasEffects,
  isNeverCommitted,
} from '../../queries/microservices/message-handling.ts';
import { defineRule, type FixDraft } from '../rule.ts';

export const messageLoss = defineRule({
  meta: {
    id: 'microservices/message-loss',
    theme: 'microservices',
    benefits: ['integration', 'data-management'],
    severity: 'error',
    confidence: 'high',
    cwe: [755],
    owasp: ['A10:2025'],
    fix: 'suggest',
    messages: {
      automatic:
        'The broker forgets a message as soon as it is delivered: a crash or an error while it is worked on loses it.',
      swallowed:
        'A message whose handling fails counts as done: the error is caught here and the broker never learns of it.',
      uncommitted:
        'Automatic commits are off and nothing here commits an offset: every restart begins with the same messages.',
      early: 'The message is acknowledged before the work is done: if the work fails, the message is gone.',
    },
  },

  check(model, report) {
    for (const operation of model.operations('message-consume')) {
      const { is, args, span } = operation;
      if (isNeverCommitted(model, operation)) report(span, 'uncommitted', { anchor: 'kafka' });
      if (is['acks'] !== 'auto') continue;
      // A server without a callback of its own hands its messages to the methods that decorators name.
      const handlers = model.consumers.filter(one =>
        args['callback'] ? one.operation === operation : !one.operation && one.acks === 'auto',
      );
      if (!handlers.some(({ func }) => hasEffects(model, func))) continue;
      const flag = args['flag'];
      report(flag?.span ?? span, 'automatic', {
        confidence: 'medium',
        anchor: String(is['broker']),
      });
    }
    for (const consumer of model.consumers) {
      if (consumer.acks === 'auto') continue;
      for (const failure of failuresHidden(model, consumer)) {
        const fixes = failure.stmt?.param?.k === 'pid' ? [throwAgain(failure.span.file, failure.stmt)] : [];
        report(failure.span, failure.kind, { fixes, anchor: consumer.func.fn.name });
      }
    }
  },
});

/** Ends the handler with the error it caught, so that the broker learns of it. */
function throwAgain(file: string, { param, handler }: NonNullable<HiddenFailure['stmt']>): FixDraft {
  return {
    title: 'Throw the error again',
    kind: 'suggest',
    change({ text }) {
      const now = text(file);
      const last = handler?.at(-1);
      if (now === undefined || !last || param?.k !== 'pid') return undefined;
      const added = insertAfter(file, now, last, [`throw ${param.n}${styleOf(now).semicolon}`]);
      return added && { edits: [added], newFiles: [] };
    },
  };
}
