import type { ParsedPayload } from '../queries/integration/parsed-payloads.ts';
import { registrationAt } from '../queries/security/registrations.ts';
import type { FixDraft } from '../rules/rule.ts';
import { moveAbove } from './move-statement.ts';
import { quoted } from './source-style.ts';

/** Moves the route above the parser and gives it one of its own that leaves the bytes as they are. */
export function keepRawBody({ endpoint, parser, how }: ParsedPayload): readonly FixDraft[] {
  if (!parser || how !== 'parsed' || parser.site.call.f.k !== 'mem' || parser.file !== endpoint.span.file) return [];
  const { o: library } = parser.site.call.f;
  return [
    {
      title: 'Take the body as it is, above the parser',
      kind: 'suggest',
      change({ model, text }) {
        const { span } = endpoint;
        const source = text(span.file);
        const found = registrationAt(model.program, span);
        const handler = found?.call.a[1];
        const entry = model.program.routers
          .flatMap(({ entries }) => entries)
          .find(({ span: at, handlers }) =>
            handlers.some(one => one.k === 'api' && one.made?.call === parser.site.call && at.file === span.file),
          );
        if (source === undefined || !handler || !entry) return undefined;
        const [added, removed] = moveAbove(model.program, source, span, entry.span) ?? [];
        if (!added || !removed) return undefined;
        const at = handler.p[0] - removed.span.start;
        const raw = `${source.slice(...library.p)}.raw({ type: ${quoted(source, 'application/json')} }), `;
        return {
          edits: [{ ...added, text: added.text.slice(0, at) + raw + added.text.slice(at) }, removed],
          newFiles: [],
        };
      },
    },
  ];
}
