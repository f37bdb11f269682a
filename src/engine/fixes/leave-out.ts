import { bindingsOf, eachExprIn } from '../link/env.ts';
import { evaluate } from '../link/evaluate.ts';
import type { Model } from '../link/model.ts';
import type { Operation } from '../link/operations.ts';
import { requestPart } from '../link/request-value.ts';
import type { Expr } from '../model/facts.ts';
import type { Span } from '../model/span.ts';
import type { FixDraft } from '../rules/rule.ts';
import { mergeArgument } from './source-object.ts';
import { edit, quoted } from './source-style.ts';

/** Since this version, Prisma leaves columns out without a preview feature. */
const OMITS = [6, 2] as const;

/** Leaves a column out of the rows that a query finds, where the function that asks does not need it itself. */
export function leaveOut(model: Model, at: Span, column: string): FixDraft[] {
  const query = model
    .operationsIn(at.file)
    .find(({ kind, callSpan }) => kind === 'db' && callSpan.start === at.start && callSpan.end === at.end);
  if (!query || isRead(model, query, column)) return [];
  const { file, is, site } = query;
  const title = `Leave ${column} out of what is found`;
  // Who else asks a function for its rows may need the column.
  const kind = isHandler(model, query) ? 'auto' : 'suggest';
  if (is['orm'] === 'mongoose')
    return [
      {
        title,
        kind,
        change: ({ text }) => {
          const source = text(file);
          if (source === undefined) return undefined;
          return { edits: [edit(file, [at.end, at.end], `.select(${quoted(source, `-${column}`)})`)], newFiles: [] };
        },
      },
    ];
  const [major = 0, minor = 0] = (model.project.versionOf(file, '@prisma/client') ?? '').split('.').map(Number);
  if (major < OMITS[0] || (major === OMITS[0] && minor < OMITS[1])) return [];
  return [
    {
      title,
      kind,
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

function isHandler({ endpoints }: Model, { fn }: Operation): boolean {
  return endpoints.some(({ handler }) => handler?.fn === fn);
}

/** Whether a function, or one inside of it, reads the column of anything but what was sent. */
function isRead({ program }: Model, { file, fn: { p } }: Operation, column: string): boolean {
  const unit = program.units.get(file);
  if (!unit) return true;
  return unit.facts.functions.some(fn => {
    if (fn.p[0] < p[0] || fn.p[1] > p[1]) return false;
    const env = program.staticEnv(unit, fn);
    const isOwn = (e: Expr | undefined): boolean => !e || requestPart(program, evaluate(program, env, e)) === undefined;
    let found = [...bindingsOf(fn).values()].some(({ sources }) =>
      sources.some(({ from, path }) => path.includes(column) && isOwn(from)),
    );
    eachExprIn(fn, e => {
      if (e.k === 'mem' && e.n === column && isOwn(e.o)) found = true;
    });
    return found;
  });
}
