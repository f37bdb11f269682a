import type { Expr, ExprOf } from '../model/facts.ts';

/** The parts of a template, text as it is written between the holes. */
export function rawParts(text: string, e: ExprOf<'tpl'>): (string | Expr)[] {
  const out: (string | Expr)[] = [];
  let at = e.p[0] + 1;
  for (const part of e.parts) {
    if (typeof part === 'string') continue;
    out.push(text.slice(at, text.lastIndexOf('${', part.p[0])), part);
    at = text.indexOf('}', part.p[1]) + 1;
  }
  return [...out, text.slice(at, e.p[1] - 1)];
}

/** The parts of a concatenation; undefined where a text holds what would have to be escaped otherwise in its new form. */
export function concatenated(e: Expr): (string | Expr)[] | undefined {
  if (e.k === 'str') return /[\\\n`$]/.test(e.v) ? undefined : [e.v];
  if (e.k !== 'bin' || e.op !== '+') return e.k === 'tpl' ? undefined : [e];
  const l = concatenated(e.l);
  const r = concatenated(e.r);
  return l && r && [...l, ...r];
}
