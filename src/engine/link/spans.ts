import type { Pos } from '../model/facts.ts';
import type { Span } from '../model/span.ts';

type Moving = { -readonly [K in keyof Span]: Span[K] };

const whole = new WeakMap<Pos, Moving>();
const between = new WeakMap<Pos, { readonly from: Pos; readonly to: Pos; readonly span: Moving }[]>();

/**
 * The span of a position, the same object each time it is asked for: what an analysis keeps stays right when an edit
 * further up moves it (`moveSpans`).
 */
export function spanAt(file: string, p: Pos): Span {
  let span = whole.get(p);
  if (!span) {
    span = { file, start: p[0], end: p[1] };
    whole.set(p, span);
  }
  return span;
}

/** From the start of one position to the end of another. */
export function spanBetween(file: string, from: Pos, to: Pos): Span {
  const known = between.get(from)?.find(one => one.from === from && one.to === to);
  if (known) return known.span;
  const span = { file, start: from[0], end: to[1] };
  for (const p of new Set([from, to])) between.set(p, [...(between.get(p) ?? []), { from, to, span }]);
  return span;
}

/** Brings the spans of a position to where it stands now. */
export function moveSpans(p: Pos): void {
  const own = whole.get(p);
  if (own) [own.start, own.end] = p;
  for (const { from, to, span } of between.get(p) ?? []) [span.start, span.end] = [from[0], to[1]];
}
