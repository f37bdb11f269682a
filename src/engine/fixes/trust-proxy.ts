import type { Operation } from '../link/operations.ts';
import type { FixDraft } from '../rules/rule.ts';
import { edit } from './source-style.ts';

/** Trusts the one proxy in front instead of all: the address it saw is the caller's. */
export function trustOneProxy({ file, args, is }: Operation): readonly FixDraft[] {
  const { value } = args;
  if (value?.expr.k !== 'bool' || is['flag']) return [];
  return [
    {
      title: 'Trust one proxy',
      kind: 'suggest',
      change: () => ({ edits: [edit(file, value.expr.p, '1')], newFiles: [] }),
    },
  ];
}
