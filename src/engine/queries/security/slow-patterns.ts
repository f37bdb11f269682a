import type { AST } from '@eslint-community/regexpp';
import { analyse } from 'scslre';
import type { Expr } from '../../model/facts.ts';
import { patternTree, type RegexText } from './regex-shape.ts';

/** How the time of a pattern grows with the length of a text that it does not match in the end. */
export interface PatternCost {
  readonly growth: 'exponential' | 'polynomial';
  /** The part that can match the same characters in several ways. */
  readonly part: string;
}

/** Longer ones are generated, and their analysis would take longer than they ever will. */
const LENGTH_LIMIT = 600;

const costs = new WeakMap<Expr, PatternCost | undefined>();

/**
 * The worst of a pattern, by an ambiguity check of its automaton (scslre, as in eslint-plugin-regexp): an exponential one
 * before one that only is quadratic. Kept for literals, which depend on nothing else.
 */
export function costOf(at: Expr, regex: RegexText): PatternCost | undefined {
  if (at.k !== 'regex') return worked(at, regex);
  if (!costs.has(at)) costs.set(at, worked(at, regex));
  return costs.get(at);
}

function worked(at: Expr, regex: RegexText): PatternCost | undefined {
  if (regex.source.length > LENGTH_LIMIT || !patternTree(at, regex)) return undefined;
  try {
    const { reports } = analyse(regex, { assumeRejectingSuffix: false });
    const [worst] = reports.toSorted((a, b) => Number(b.exponential) - Number(a.exponential));
    if (!worst) return undefined;
    const node = worst.type === 'Trade' ? worst.endQuant : worst.quant;
    const exponential = worst.exponential && !acceptsAtOnce(node);
    return { growth: exponential ? 'exponential' : 'polynomial', part: node.raw };
  } catch {
    // Too many states, or syntax that the analysis does not know.
    return undefined;
  }
}

/** Whether the loop around a part ends the pattern: one round is a match, so nothing is ever tried another way. */
function acceptsAtOnce(part: AST.Quantifier): boolean {
  const around: AST.Node[] = [];
  for (let at: AST.Node | null = part.parent; at; at = at.parent) around.push(at);
  const loop = around.findIndex(one => one.type === 'Quantifier' && one.max === Number.POSITIVE_INFINITY);
  if (loop === -1) return false;
  return around.slice(loop + 1).every((one, position) => {
    if (one.type === 'Alternative') return one.elements.at(-1) === around[loop + position];
    return ['Group', 'CapturingGroup', 'Pattern', 'RegExpLiteral'].includes(one.type);
  });
}
