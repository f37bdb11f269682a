import type { Model } from '../link/model.ts';
import type { Span } from '../model/span.ts';
import type { FixDraft } from '../rules/rule.ts';
import { mergeArgument } from './source-object.ts';
import { edit } from './source-style.ts';

/** Since this version, Prisma leaves columns out without a preview feature. */
const OMITS = [6, 2] as const;

/** Leaves a column out of the rows that a query finds. */
export function leaveOut(model: Model, at: Span, column: string): FixDraft[] {
  const query = model
    .operationsIn(at.file)
    .find(({ kind, callSpan }) => kind === 'db' && callSpan.start === at.start && callSpan.end === at.end);
  if (!query) return [];
  const { file, is, site } = query;
  const title = `Leave ${column} out of what is found`;
  if (is['orm'] === 'mongoose')
    return [
      {
        title,
        kind: 'suggest',
        change: ({ text }) => {
          const source = text(file);
          if (source === undefined) return undefined;
          const quote = source.includes('"') && !source.includes("'") ? '"' : "'";
          const { end } = at;
          return { edits: [edit(file, [end, end], `.select(${quote}-${column}${quote})`)], newFiles: [] };
        },
      },
    ];
  const [major = 0, minor = 0] = (model.project.versionOf(file, '@prisma/client') ?? '').split('.').map(Number);
  if (major < OMITS[0] || (major === OMITS[0] && minor < OMITS[1])) return [];
  return [
    {
      title,
      kind: 'suggest',
      change: ({ text }) => {
        const source = text(file);
        const edits =
          source === undefined
            ? undefined
            : mergeArgument(file, source, site.call, 0, [{ name: 'omit', value: `{ ${column}: true }` }]);
        return edits && { edits, newFiles: [] };
      },
    },
  ];
}
