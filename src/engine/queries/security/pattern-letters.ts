import type { AST } from '@eslint-community/regexpp';
import type { RegexText } from './regex-shape.ts';

/** What takes exactly one character of a text. */
export type Leaf = AST.Character | AST.CharacterClass | AST.CharacterSet | AST.ExpressionCharacterClass;

/** A few characters that stand for all: what two leaves share, they share in one of these. */
export interface Letters {
  /** One character for each set of leaves that take it; the first is taken by the fewest. */
  readonly samples: readonly string[];
  takes(leaf: Leaf, letter: string): boolean;
}

export function isLeaf(node: AST.Node): node is Leaf {
  return /^(?:Character|CharacterClass|CharacterSet|ExpressionCharacterClass)$/.test(node.type);
}

/** Characters at the borders of `\w`, `\d`, `\s` and `.`, ordinary ones first: they read better in an example. */
const USUAL = ['a', 'z', 'A', 'Z', '0', '9', '_', ' ', '!', '-', '.', '/', ':', '@', '\t', '\n', '\r', 'é', '\0', '一'];

/**
 * Ranges that overlap have the beginning of one in common, and what is outside of a range begins behind its end. So the
 * borders of all ranges and their neighbours tell apart what the leaves tell apart.
 */
export function lettersOf(leaves: readonly Leaf[], { source, flags }: RegexText): Letters {
  const testers = new Map<Leaf, RegExp>();
  const kept = flags.replace(/[^isuv]/g, '');
  const takes = (leaf: Leaf, letter: string): boolean => {
    const tester = testers.get(leaf) ?? new RegExp(`^(?:${leaf.raw})$`, kept);
    testers.set(leaf, tester);
    return tester.test(letter);
  };
  const bySignature = new Map<string, string>();
  // Assertions look at the ends of lines and words.
  const sides = [/\n/, ...(/\\b/i.test(source) ? [/\w/] : [])];
  for (const letter of new Set([...USUAL, ...leaves.flatMap(borders)])) {
    const seen = [...leaves.map(leaf => takes(leaf, letter)), ...sides.map(side => side.test(letter))];
    const signature = seen.map(yes => (yes ? '1' : '0')).join('');
    if (!bySignature.has(signature)) bySignature.set(signature, letter);
  }
  const count = (signature: string): number => signature.replaceAll('0', '').length;
  const samples = [...bySignature].toSorted(([a], [b]) => count(a) - count(b)).map(([, letter]) => letter);
  return { samples, takes };
}

function borders(node: AST.Node): string[] {
  switch (node.type) {
    case 'Character':
      return around(node.value, node.value);
    case 'CharacterClassRange':
      return around(node.min.value, node.max.value);
    case 'CharacterClass':
      return node.elements.flatMap(borders);
    default:
      return [];
  }
}

/** Only characters of one UTF-16 unit, so that every pattern sees one where we see one. */
function around(min: number, max: number): string[] {
  return [min, max, min - 1, max + 1].filter(code => code >= 0 && code < 0xd800).map(code => String.fromCharCode(code));
}
