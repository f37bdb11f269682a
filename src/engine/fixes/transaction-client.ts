import type { Escape } from '../link/transactions.ts';
import type { Expr } from '../model/facts.ts';
import type { FixDraft } from '../rules/rule.ts';
import { replaceText } from './source-statement.ts';

/** Puts the callback's parameter where the client that opened the transaction stands. */
export function useTransactionClient({ transaction, operation, callback }: Escape): FixDraft {
  const param = callback.fn.params[0]?.pat;
  const name = param?.k === 'pid' ? param.n : 'tx';
  return {
    title: `Use ${name}`,
    kind: 'suggest',
    change({ text }) {
      const now = text(operation.file);
      const opener = transaction.site.call.f;
      if (now === undefined || opener.k !== 'mem' || param?.k !== 'pid' || transaction.file !== operation.file)
        return undefined;
      const client = now.slice(opener.o.p[0], opener.o.p[1]);
      // Only where the receiver is the same client, member for member: `prisma.user` and `tx.user`.
      const root = rootNamed(operation.site.call.f, e => now.slice(e.p[0], e.p[1]) === client);
      return root ? { edits: [replaceText(operation.file, root.p, param.n)], newFiles: [] } : undefined;
    },
  };
}

function rootNamed(e: Expr, isClient: (e: Expr) => boolean): Expr | undefined {
  if (isClient(e)) return e;
  if (e.k === 'mem') return rootNamed(e.o, isClient);
  return e.k === 'call' ? rootNamed(e.f, isClient) : undefined;
}
