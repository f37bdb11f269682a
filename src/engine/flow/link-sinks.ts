import type { Expr } from '../model/facts.ts';
import { reach } from './reach.ts';
import type { Taint } from './taint.ts';
import type { Walk } from './walk.ts';

/** Paths of links that whoever opens them is let in by, or agrees with. */
const OPENS =
  /^(?::\d+)?\/(?:[\w.-]+\/)*[\w-]*(?:reset|password|verif|confirm|activat|invit|magic|token|unsubscribe|login-link)/i;

/** The host of a link that is sent to people: what follows it in the text says what the link is for. */
export function linkSinks(walk: Walk, part: Expr, taint: Taint, rest: readonly (string | Expr)[]): void {
  const [first] = rest;
  const behind = typeof first === 'string' ? first : first?.k === 'str' ? first.v : '';
  if (OPENS.test(behind)) reach(walk, { f: part, p: part.p }, 'host', 'link', part, taint);
}
