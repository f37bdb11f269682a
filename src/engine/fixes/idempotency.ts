import { eachExprIn } from '../link/env.ts';
import type { Operation } from '../link/operations.ts';
import { type Expr, type FunctionFact, GLOBAL } from '../model/facts.ts';
import type { FixDraft } from '../rules/rule.ts';
import { mergeArgument } from './source-object.ts';

/** What a payment is for: another payment for it would be a second one. */
const PAID = /^(?:order|invoice|booking|cart|checkout|reservation|payment|refund|purchase|job)$/i;
const PAID_ID = /^(order|invoice|booking|cart|checkout|reservation|payment|refund|purchase|job)_?id$/i;

/** Gives a payment the key of what is paid for, where the function has read its id before. */
export function keyOfPaid({ fn, file, site, is, args }: Operation): FixDraft[] {
  const { call } = site;
  const position = args['options'] ? call.a.indexOf(args['options'].expr) : call.a.length;
  const key = is['key'];
  if (position < 1 || typeof key !== 'string') return [];
  const paid = paidIn(fn, call.p[0]);
  if (!paid) return [];
  const { e, what } = paid;
  return [
    {
      title: `Make the ${what} its key`,
      kind: 'suggest',
      change({ text }) {
        const source = text(file);
        if (source === undefined) return undefined;
        const value = `\`${what}-${String(is['what'])}-\${${source.slice(...e.p)}}\``;
        const edits = mergeArgument(file, source, call, position, [{ name: key, value }]);
        return edits && { edits, newFiles: [] };
      },
    },
  ];
}

/** `order.id`, `orderId`, `params.orderId`: an id that was read in front of the call, or in it. */
function paidIn(fn: FunctionFact, before: number): { readonly e: Expr; readonly what: string } | undefined {
  let found: { e: Expr; what: string } | undefined;
  const limit = fn.p[1];
  eachExprIn(fn, e => {
    if (e.p[0] > limit || found) return;
    const what = paidBy(e);
    if (what && isKnownAt(e, fn, before)) found = { e, what };
  });
  return found;
}

function paidBy(e: Expr): string | undefined {
  if (e.k === 'mem' && /^_?id$/.test(e.n) && e.o.k === 'id' && PAID.test(e.o.n)) return e.o.n.toLowerCase();
  const name = e.k === 'mem' || e.k === 'id' ? PAID_ID.exec(e.n)?.[1] : undefined;
  return name?.toLowerCase();
}

/** Its variable has its value by then: it is read earlier, or it is a parameter. */
function isKnownAt(e: Expr, fn: FunctionFact, before: number): boolean {
  let base = e;
  while (base.k === 'mem') base = base.o;
  if (base.k !== 'id' || base.s === GLOBAL) return false;
  return e.p[1] <= before || fn.params.some(({ pat }) => pat.k === 'pid' && pat.n === (base as { n: string }).n);
}
