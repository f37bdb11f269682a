import { spanIn } from '../link/values.ts';
import type { Expr, ExprOf } from '../model/facts.ts';
import type { Span } from '../model/span.ts';
import { carry } from './apply.ts';
import type { SinkKind } from './kinds.ts';
import { proved } from './state.ts';
import type { Sink } from './summary.ts';
import { everything, joinOrigins, type Origin, read, type Taint } from './taint.ts';
import { spanOf, type Walk } from './walk.ts';

/** The place of a sink: what is called, and where. */
export type At = Pick<ExprOf<'call'>, 'f' | 'p'>;

/** A value reaches a sink: each of its origins that does harm there is handed on. */
export function reach(
  walk: Walk,
  { f, p }: At,
  kind: SinkKind,
  api: string,
  arg: Expr,
  taint: Taint,
  known: Pick<Sink, 'guessed' | 'stated' | 'option'> & { readonly arg?: Span } = {},
): void {
  const origins = originsAt(kind, taint).filter(origin => !!origin.picked === isOfPicked(kind));
  if (origins.length === 0) return;
  const sink: Sink = {
    kind,
    callee: nameOf(f),
    api,
    call: spanIn(walk.env, p),
    arg: spanOf(walk, arg),
    ...known,
  };
  for (const origin of proved(walk.state, { own: origins, fields: undefined }).own)
    carry(walk, { sink, origin, ended: undefined }, origin);
}

/** Whether a kind is about what a name picks, not about the name itself. */
export function isOfPicked(kind: SinkKind): boolean {
  return kind === 'proto' || kind === 'method';
}

/** Properties of an object that are the text a sink wants. */
const TEXT_OF: Readonly<Partial<Record<SinkKind, readonly string[]>>> = {
  sql: ['text', 'sql', 'query', 'Statement', 'QueryString'],
  url: ['url', 'uri', 'href', 'host', 'hostname'],
};

/** A text is needed, or an object whose property is that text. */
export function originsAt(kind: SinkKind, taint: Taint): readonly Origin[] {
  const { own, fields } = taint;
  if (!fields) return own;
  if (kind === 'command' || kind === 'option') return everything(taint);
  // A filter that was put together before: its values count as well.
  const names = kind === 'operator' ? [...fields.keys()].filter(name => !name.startsWith('$')) : (TEXT_OF[kind] ?? []);
  return names.reduce((all, name) => (fields.has(name) ? joinOrigins(all, read(taint, name).own) : all), own);
}

function nameOf(e: Expr): string {
  if (e.k === 'idx') return `${nameOf(e.o)}[…]`;
  return e.k === 'mem' || e.k === 'id' ? e.n : e.k === 'as' ? nameOf(e.e) : 'call';
}
