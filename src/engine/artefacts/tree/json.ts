import { type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import type { DocumentNode, MapEntry } from '../../model/document.ts';
import { MAX_PROBLEMS, type ParsedTree } from './tree.ts';

/** Reads JSON, and JSON with comments and trailing commas; broken text gives the part that could be read. */
export function parseJson(text: string): ParsedTree {
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { allowTrailingComma: true, allowEmptyContent: true });
  const problems = errors.slice(0, MAX_PROBLEMS).map(error => ({
    message: `JSON: ${printParseErrorCode(error.error)}`,
    start: Math.min(error.offset, text.length),
    end: Math.min(error.offset + error.length, text.length),
  }));
  return root ? { root: toNode(root, text.length), problems } : { problems };
}

function toNode(node: Node, limit: number): DocumentNode {
  const start = node.offset;
  // An object or array that is cut off has no length yet.
  const end = node.length < 0 ? limit : Math.min(start + node.length, limit);
  if (node.type === 'object') {
    const entries: MapEntry[] = [];
    for (const property of node.children ?? []) {
      const [key, value] = property.children ?? [];
      if (!key) continue;
      const keyEnd = Math.min(key.offset + key.length, limit);
      entries.push({
        key: String(key.value),
        keyStart: key.offset,
        keyEnd,
        value: value ? toNode(value, limit) : { kind: 'scalar', value: null, start: keyEnd, end: keyEnd },
      });
    }
    return { kind: 'map', entries, start, end };
  }
  if (node.type === 'array') {
    return { kind: 'list', items: (node.children ?? []).map(child => toNode(child, limit)), start, end };
  }
  return { kind: 'scalar', value: scalar(node.value), start, end };
}

function scalar(value: unknown): string | number | boolean | null {
  // 1e999 is valid JSON but has no number.
  if (typeof value === 'number') return Number.isFinite(value) ? value + 0 : String(value);
  return typeof value === 'string' || typeof value === 'boolean' ? value : null;
}
