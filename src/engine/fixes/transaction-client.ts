import type { Expr } from '../model/facts.ts';
import type { Escape } from '../queries/data/transactions.ts';
import type { FixDraft } from '../rules/rule.ts';
import { replaceText } from './source-statement.ts';

/** Puts the callback's parameter where the client that opened the transaction stands; undefined if it stands elsewhere. */
export function useTransactionClient(escapes: readonly Escape[]): FixDraft | undefined {
  const param = escapes[0]?.callback.fn.params[0]?.pat;
  const roots = escapes.map(clientOf);
  if (param?.k !== 'pid' || !roots.every(root => root !== undefined)) return undefined;
  const { file } = escapes[0]!.operation;
  return {
    title: `Use ${param.n}`,
    kind: 'suggest',
    change: () => ({ edits: roots.map(root => replaceText(file, root.p, param.n)), newFiles: [] }),
  };
}

/** Only where the receiver is the same client, member for member: `prisma.user` and `tx.user`. */
function clientOf({ transaction, operation }: Escape): Expr | undefined {
  const opener = transaction.site.call.f;
  if (opener.k !== 'mem' || transaction.file !== operation.file) return undefined;
  return rootNamed(operation.site.call.f, opener.o);
}

function rootNamed(e: Expr, client: Expr): Expr | undefined {
  if (isSame(e, client)) return e;
  if (e.k === 'mem') return rootNamed(e.o, client);
  return e.k === 'call' ? rootNamed(e.f, client) : undefined;
}

function isSame(a: Expr, b: Expr): boolean {
  if (a.k === 'mem' && b.k === 'mem') return a.n === b.n && isSame(a.o, b.o);
  return (a.k === 'this' && b.k === 'this') || (a.k === 'id' && b.k === 'id' && a.n === b.n && a.s === b.s);
}
