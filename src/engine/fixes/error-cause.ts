import type { TryStmt } from '../queries/observability/catches.ts';
import type { FixDraft } from '../rules/rule.ts';
import { addArgument } from './source-object.ts';
import { edit } from './source-style.ts';

/** Gives the error that a `catch` throws instead the one it caught. */
export function keepCause(file: string, { param, handler, handlerPos }: TryStmt): FixDraft[] {
  const [thrown] = handler ?? [];
  if (thrown?.k !== 'throw' || thrown.e.k !== 'call' || !handlerPos || (param && param.k !== 'pid')) return [];
  const { e: call } = thrown;
  return [
    {
      title: 'Keep the error as its cause',
      kind: 'suggest',
      change({ text }) {
        const source = text(file);
        const name = param?.n ?? 'error';
        const cause = name === 'cause' ? '{ cause }' : `{ cause: ${name} }`;
        const added = source === undefined ? undefined : addArgument(file, source, call, cause);
        if (!added) return undefined;
        const bound = param ? [] : [edit(file, [handlerPos[1], handlerPos[1]], ` (${name})`)];
        return { edits: [...bound, added], newFiles: [] };
      },
    },
  ];
}
