import { insertLinesBefore } from '../../fixes/document.ts';
import { edit, indentAt, styleOf } from '../../fixes/source-style.ts';
import type { Model } from '../../link/model.ts';
import type { Operation } from '../../link/operations.ts';
import type { Evidence } from '../../model/finding.ts';
import { closes, closesLater, type Shutdown, shutdownOf, spanOfReceiver } from '../../queries/drift/shutdown.ts';
import { defineRule, type FixDraft } from '../rule.ts';

export const noGracefulShutdown = defineRule({
  meta: {
    id: 'drift/no-graceful-shutdown',
    theme: 'containers',
    benefits: ['scalability', 'integration'],
    severity: 'warning',
    confidence: 'high',
    cwe: [404],
    owasp: [],
    fix: 'suggest',
    messages: {
      none: 'Nothing in {unit} reacts to SIGTERM, so requests in flight are cut off whenever its container is replaced.',
      abrupt: 'On SIGTERM {unit} ends at once, and requests in flight with it.',
      unused: '{unit} has shutdown methods, but {enable} is never called, so that none of them runs on SIGTERM.',
    },
  },

  check(model, report) {
    for (const unit of model.units.all) {
      if (!unit.hasContainer || unit.isServerless || unit.isEdge) continue;
      const [first] = unit.listens;
      if (!first) continue;
      const shutdown = shutdownOf(model, unit);
      const { hooks, abrupt, elsewhere, enable } = shutdown;
      if (elsewhere || abrupt.length < hooks.length) continue;
      const { unused } = shutdown;
      const [exit] = abrupt;
      const key = exit ? 'abrupt' : unused.length ? 'unused' : 'none';
      report(exit?.span ?? first.operation.span, key, {
        data: { unit: unit.name, enable: enable ?? '' },
        ...(key === 'unused' ? { severity: 'error' as const } : {}),
        anchor: unit.folder,
        evidence: evidenceOf(
          unused,
          unit.images[0] && { file: unit.images[0].path, ...rangeOf(unit.images[0].stage.stage.from) },
        ),
        fixes: exit ? [] : fixesFor(model, first.operation, enable),
      });
    }
  },
});

function rangeOf({ start, end }: { start: number; end: number }): { start: number; end: number } {
  return { start, end };
}

function evidenceOf(unused: Shutdown['unused'], image: Evidence['span'] | undefined): Evidence[] {
  return [
    ...unused.slice(0, 3).map(span => ({ span, message: 'never runs on SIGTERM' })),
    ...(image ? [{ span: image, message: 'runs in a container that is stopped by SIGTERM' }] : []),
  ];
}

function fixesFor(model: Model, listen: Operation, enable: string | undefined): FixDraft[] {
  const receiver = spanOfReceiver(listen);
  const close = closes(model, listen);
  if (enable && receiver)
    return [
      {
        title: 'Enable shutdown hooks',
        kind: 'suggest',
        change({ text }) {
          const own = text(listen.file);
          if (own === undefined) return undefined;
          const { semicolon } = styleOf(own);
          const line = `${indentAt(own, receiver.start)}${own.slice(receiver.start, receiver.end)}.${enable}()${semicolon}`;
          return { edits: [insertLinesBefore(listen.file, own, receiver.start, [line])], newFiles: [] };
        },
      },
    ];
  if (!close) return [];
  return [
    {
      title: 'Close the server on SIGTERM',
      kind: 'suggest',
      change({ text }) {
        const own = text(listen.file);
        if (own === undefined) return undefined;
        const { semicolon, eol, quote } = styleOf(own);
        const { start, end } = listen.callSpan;
        const head = /^([ \t]*)((?:const|let|var)\s+(\w+)\s*(?::\s*[\w.]+\s*)?=\s*)?(await\s+)?$/.exec(
          own.slice(own.lastIndexOf('\n', start - 1) + 1, start),
        );
        const tail = /^[ \t]*;?[ \t]*(?=\r?\n|$)/.exec(own.slice(end))?.[0];
        if (!head || tail === undefined) return undefined;
        const receiverText = receiver ? own.slice(receiver.start, receiver.end) : '';
        if (close === 'receiver' && !/^[\w.]+$/.test(receiverText)) return undefined;
        const name = close === 'receiver' ? receiverText : (head[3] ?? 'server');
        if (close === 'returned' && !head[3] && /\b(?:const|let|var|function)\s+(?:\{[^}]*)?\bserver\b/.test(own))
          return undefined;
        const body = close === 'receiver' && closesLater(listen) ? `void ${name}.close()` : `${name}.close()`;
        const handler = `${head[1]}process.once(${quote}SIGTERM${quote}, () => ${body})${semicolon}`;
        const named = close === 'returned' && !head[3] ? [edit(listen.file, [start, start], `const ${name} = `)] : [];
        const at = end + tail.length;
        return { edits: [...named, edit(listen.file, [at, at], eol + handler)], newFiles: [] };
      },
    },
  ];
}
