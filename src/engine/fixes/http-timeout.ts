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

/** Gives a request or a client instance ten seconds; none for clients whose option alone does not end the request. */
export function limitTime({ file, site, is }: Operation): FixDraft[] {
  const limit = LIMIT[String(is['client'])];
  if (!limit) return [];
  return [
    {
      title: 'Give up after 10 seconds',
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
