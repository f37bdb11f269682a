import type { Endpoint } from '../link/endpoint.ts';
import { registrationAt, writtenGuard } from '../link/registrations.ts';
import type { FixDraft } from '../rules/rule.ts';
import { edit, indentAt, lineStart, styleOf } from './source-style.ts';

/** Gives a route the guard that most routes of its file have. */
export function guardLike({ span }: Endpoint, guarded: readonly Endpoint[]): FixDraft {
  return {
    title: 'Guard this route like its siblings',
    kind: 'suggest',
    change({ model, text }) {
      const source = text(span.file);
      const call = registrationAt(model.program, span);
      const handler = call?.a[1];
      if (source === undefined || !handler) return undefined;
      const counts = new Map<string, number>();
      for (const sibling of guarded) {
        if (sibling.span.file !== span.file) continue;
        const guard = writtenGuard(model.program, sibling);
        const written = guard && source.slice(guard.start, guard.end);
        if (written) counts.set(written, (counts.get(written) ?? 0) + 1);
      }
      const [best] = [...counts].sort((a, b) => b[1] - a[1]);
      if (!best) return undefined;
      return { edits: [edit(span.file, [handler.p[0], handler.p[0]], `${best[0]}, `)], newFiles: [] };
    },
  };
}

/** Says in the code that a route is meant to be open. */
export function markPublic({ span }: Endpoint): FixDraft {
  return {
    title: 'Mark this route as public',
    kind: 'suggest',
    change({ text }) {
      const source = text(span.file);
      if (source === undefined) return undefined;
      const at = lineStart(source, span.start);
      const line = `${indentAt(source, span.start)}// public: anyone may call this${styleOf(source).eol}`;
      return { edits: [edit(span.file, [at, at], line)], newFiles: [] };
    },
  };
}
