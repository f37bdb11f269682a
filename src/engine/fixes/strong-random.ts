import type { Operation } from '../link/operations.ts';
import type { Expr, ExprOf } from '../model/facts.ts';
import type { FixDraft } from '../rules/rule.ts';
import { insertImport } from './source-import.ts';
import { edit, quoted } from './source-style.ts';

/** Hex digits of a token: 128 bits. */
const TOKEN_BYTES = 16;

/** Replaces the two shapes in which tokens and codes are made of a predictable number. */
export function strongRandom({ file, site }: Operation, value: Expr): FixDraft[] {
  const range = rangeOf(value, site.call);
  const isText = isBase36(value, site.call);
  if (!range && !isText) return [];
  const name = range ? 'randomInt' : 'randomBytes';
  return [
    {
      title: `Use ${name} of node:crypto`,
      kind: 'auto',
      change({ model, text }) {
        const source = text(file);
        const facts = model.project.sources.get(file);
        if (source === undefined || !facts) return undefined;
        const known = insertImport(file, source, facts, { module: 'node:crypto', name });
        if (!known) return undefined;
        const call = range
          ? `${known.local}(${range.from}, ${range.to})`
          : `${known.local}(${TOKEN_BYTES}).toString(${quoted(source, 'hex')})`;
        return { edits: [edit(file, value.p, call), ...known.edits], newFiles: [] };
      },
    },
  ];
}

/** `Math.floor(Math.random() * 900000) + 100000`, with the addend inside or outside. */
function rangeOf(value: Expr, call: Expr): { from: number; to: number } | undefined {
  const outer = addend(value);
  const whole = outer ? outer.rest : value;
  if (whole.k !== 'call' || whole.f.k !== 'mem' || whole.f.n !== 'floor' || whole.a.length !== 1) return undefined;
  const inner = addend(whole.a[0]!);
  if (outer && inner) return undefined;
  const product = inner ? inner.rest : whole.a[0]!;
  if (product.k !== 'bin' || product.op !== '*') return undefined;
  const factor = product.l === call ? product.r : product.r === call ? product.l : undefined;
  if (factor?.k !== 'num' || !Number.isInteger(factor.v)) return undefined;
  const from = (outer ?? inner)?.by ?? 0;
  return { from, to: from + factor.v };
}

function addend(e: Expr): { by: number; rest: Expr } | undefined {
  if (e.k !== 'bin' || e.op !== '+') return undefined;
  if (e.l.k === 'num') return { by: e.l.v, rest: e.r };
  return e.r.k === 'num' ? { by: e.r.v, rest: e.l } : undefined;
}

/** `Math.random().toString(36)`, cut in any way. */
function isBase36(value: Expr, call: Expr): boolean {
  let at: Expr = value;
  let base = false;
  while (at !== call) {
    if (at.k !== 'call' || at.f.k !== 'mem') return false;
    const { n, o }: ExprOf<'mem'> = at.f;
    if (!['toString', 'slice', 'substring', 'substr', 'replace'].includes(n)) return false;
    base ||= n === 'toString' && at.a.length === 1;
    at = o;
  }
  return base;
}
