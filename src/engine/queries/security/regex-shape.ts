import type { AST } from '@eslint-community/regexpp';
import { RegExpParser } from '@eslint-community/regexpp';
import { stringOf, type Value } from '../../link/values.ts';
import type { Expr } from '../../model/facts.ts';

/** A regular expression as text. */
export interface RegexText {
  readonly source: string;
  readonly flags: string;
}

/** What a regular expression, or `new RegExp('…')` of a known text, says. */
export function regexOf(value: Value): RegexText | undefined {
  if (value.k === 'regex') return { source: value.source, flags: value.flags };
  if (value.k !== 'api' || !value.inst || !/^RegExp(?:\(\))?$/.test(value.path)) return undefined;
  const [source, flags] = value.made?.args ?? [];
  const text = source?.k === 'regex' ? source.source : stringOf(source);
  if (text === undefined) return undefined;
  const given = stringOf(flags);
  return flags && given === undefined ? undefined : { source: text, flags: given ?? '' };
}

const parsed = new WeakMap<Expr, AST.Pattern | undefined>();

/** The tree of a pattern that stands in `at`; undefined if it is none that this runtime would take. */
export function patternTree(at: Expr, regex: RegexText): AST.Pattern | undefined {
  // What a name stands for may change while its expression does not.
  if (at.k !== 'regex') return parse(regex);
  if (!parsed.has(at)) parsed.set(at, parse(regex));
  return parsed.get(at);
}

function parse({ source, flags }: RegexText): AST.Pattern | undefined {
  try {
    return new RegExpParser().parsePattern(source, 0, source.length, {
      unicode: flags.includes('u'),
      unicodeSets: flags.includes('v'),
    });
  } catch {
    return undefined;
  }
}

/**
 * Whether an alternation is anchored on one side only in its first or its last part: `^a|b` reads as `(^a)|b`. The parts
 * without an anchor must hold words, or the anchor may well be meant for one part alone.
 */
export function isHalfAnchored({ alternatives }: AST.Pattern): '^' | '$' | undefined {
  if (alternatives.length < 2) return undefined;
  const first = alternatives[0]!;
  const last = alternatives.at(-1)!;
  const anchored = alternatives.map(hasAnchor);
  if (!alternatives.every(one => one.elements.some(isWord))) return undefined;
  if (begins(first) && !ends(first) && anchored.slice(1).every(one => !one)) return '^';
  return ends(last) && !begins(last) && anchored.slice(0, -1).every(one => !one) ? '$' : undefined;
}

function begins({ elements }: AST.Alternative): boolean {
  const [first, ...rest] = elements;
  if (first?.type === 'CapturingGroup' || first?.type === 'Group')
    return rest.length === 0 && first.alternatives.length === 1 && begins(first.alternatives[0]!);
  return first?.type === 'Assertion' && first.kind === 'start' && rest.length > 0;
}

function ends({ elements }: AST.Alternative): boolean {
  const last = elements.at(-1);
  if (last?.type === 'CapturingGroup' || last?.type === 'Group')
    return elements.length === 1 && last.alternatives.length === 1 && ends(last.alternatives[0]!);
  return last?.type === 'Assertion' && last.kind === 'end' && elements.length > 1;
}

/** An anchor or a word boundary anywhere inside: the author looked at this part by itself. */
function hasAnchor(node: AST.Node): boolean {
  switch (node.type) {
    case 'Assertion':
      return true;
    case 'Alternative':
      return node.elements.some(hasAnchor);
    case 'Group':
    case 'CapturingGroup':
      return node.alternatives.some(hasAnchor);
    case 'Quantifier':
      return hasAnchor(node.element);
    default:
      return false;
  }
}

/** Letters or digits that an anchor would have to hold. */
function isWord(element: AST.Element): boolean {
  if (element.type === 'Character') return /\w/.test(String.fromCodePoint(element.value));
  if (element.type === 'Group' || element.type === 'CapturingGroup')
    return element.alternatives.every(one => one.elements.some(isWord));
  return element.type === 'Quantifier' && element.min > 0 && isWord(element.element);
}
