import type { Operation } from '../link/operations.ts';
import type { FixDraft } from '../rules/rule.ts';
import { mergeArgument } from './source-object.ts';

const LIMIT: Readonly<Record<string, { readonly name: string; readonly value: string }>> = {
  fetch: { name: 'signal', value: 'AbortSignal.timeout(10_000)' },
  undici: { name: 'headersTimeout', value: '10_000' },
  axios: { name: 'timeout', value: '10_000' },
  nest: { name: 'timeout', value: '10_000' },
  got: { name: 'timeout', value: '{ request: 10_000 }' },
  needle: { name: 'response_timeout', value: '10_000' },
};

const TITLE = 'Give up after 10 seconds';

/** Gives a request or a client instance ten seconds; none for clients whose option alone does not end the request. */
export function limitTime({ file, site, is }: Operation): FixDraft[] {
  if (is['client'] === 'superagent') return [chained(file, site.call.p[1])];
  const limit = LIMIT[String(is['client'])];
  if (!limit) return [];
  return [
    {
      title: TITLE,
      kind: 'auto',
      change({ text }) {
        const source = text(file);
        const edits =
          source === undefined
            ? undefined
            : mergeArgument(file, source, site.call, Number(is['position'] ?? 0), [limit]);
        return edits && { edits, newFiles: [] };
      },
    },
  ];
}

/** Right behind the call that makes the request, where every method of the request can stand. */
function chained(file: string, end: number): FixDraft {
  const edit = { span: { file, start: end, end }, text: '.timeout(10_000)' };
  return { title: TITLE, kind: 'auto', change: () => ({ edits: [edit], newFiles: [] }) };
}
