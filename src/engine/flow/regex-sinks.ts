import { evaluate } from '../link/evaluate.ts';
import type { Expr, ExprOf } from '../model/facts.ts';
import { reach } from './reach.ts';
import { isClean, type Taint } from './taint.ts';
import type { Walk } from './walk.ts';

/** Methods of texts that run a regular expression given as their first argument. */
const RUN_BY_TEXTS = new Set(['match', 'matchAll', 'search', 'replace', 'replaceAll', 'split']);
const RUN_BY_PATTERNS = new Set(['test', 'exec']);

/**
 * Untrusted texts that a regular expression runs over. The sink is the pattern: whether it can be kept busy is worked
 * out by whoever asks, for those that are reached.
 */
export function regexSinks(walk: Walk, e: ExprOf<'call'>, receiver: Taint, args: readonly Taint[]): void {
  if (e.f.k !== 'mem') return;
  const { n, o } = e.f;
  const [first] = e.a;
  if (!first) return;
  if (RUN_BY_TEXTS.has(n)) {
    if (!isClean(receiver) && repeats(walk, first)) reach(walk, e, 'matched', n, first, receiver);
    // A text in the place of a pattern becomes one, but only where the receiver is surely a text.
    else if ((n === 'match' || n === 'search') && !isClean(args[0]!) && isText(walk, o))
      reach(walk, e, 'regex', n, first, args[0]!);
  } else if (RUN_BY_PATTERNS.has(n) && !isClean(args[0]!) && repeats(walk, o))
    reach(walk, e, 'matched', n, o, args[0]!);
}

/** Without a repetition that has no end, the time is bounded. */
function repeats(walk: Walk, e: Expr): boolean {
  if (e.k !== 'regex' && e.k !== 'id' && e.k !== 'mem' && e.k !== 'call') return false;
  const value = evaluate(walk.program, walk.env, e);
  if (value.k === 'regex') return isOpen(value.source);
  const [source] = value.k === 'api' && /^RegExp\(?/.test(value.path) ? (value.made?.args ?? []) : [];
  return source?.k === 'const' && typeof source.v === 'string' && isOpen(source.v);
}

function isOpen(source: string): boolean {
  return /[*+]|\{\d+,\}/.test(source);
}

function isText(walk: Walk, e: Expr): boolean {
  const value = evaluate(walk.program, walk.env, e);
  return value.k === 'template' || (value.k === 'const' && typeof value.v === 'string');
}
