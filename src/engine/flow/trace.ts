import type { Model } from '../link/model.ts';
import { type Span, touches } from '../model/span.ts';
import type { Flow } from './flow.ts';
import type { SinkKind } from './kinds.ts';

/** Why nothing is reported at a place: the ways that come here and what made each of them harmless. */
export interface WhyNot {
  readonly ended: readonly Flow[];
  /** Calls in the program that were not followed because a limit was reached; then an answer may be incomplete. */
  readonly cut: number;
}

/** Asks about the sinks of a kind that touch a range. */
export function whyNot({ flows: { solution } }: Model, kind: SinkKind, at: Span): WhyNot {
  return {
    ended: solution.ended.filter(flow => flow.kind === kind && touches(flow.sink.call, at)),
    cut: solution.cut,
  };
}
