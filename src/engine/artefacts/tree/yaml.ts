import { isAlias, isMap, isScalar, isSeq, type Node, type Pair, parseAllDocuments, type YAMLMap } from 'yaml';
import type { ArtefactProblem } from '../../model/artefacts/base.ts';
import type { DocumentNode, MapEntry, ScalarNode } from '../../model/document.ts';
import { MAX_NODES, MAX_PROBLEMS, type ParsedTree } from './tree.ts';

interface Conversion {
  readonly text: string;
  readonly anchors: ReadonlyMap<string, Node>;
  /** Anchored nodes being converted, so that a node that contains itself ends. */
  readonly open: Set<Node>;
  budget: number;
}

/** The first document of a file, with every document's problems. */
export function parseYaml(text: string): ParsedTree {
  const { roots, problems } = parseYamlDocuments(text);
  return roots[0] ? { root: roots[0], problems } : { problems };
}

/** Every non-empty document of a file, anchors and merge keys resolved; broken text gives the part that could be read. */
export function parseYamlDocuments(text: string): { roots: DocumentNode[]; problems: ArtefactProblem[] } {
  const documents = parseAllDocuments(text, {
    prettyErrors: false,
    logLevel: 'silent',
    strict: false,
    uniqueKeys: false,
    merge: true,
  });
  const roots: DocumentNode[] = [];
  const problems: ArtefactProblem[] = [];
  for (const document of Array.isArray(documents) ? documents : []) {
    for (const error of document.errors) {
      if (problems.length >= MAX_PROBLEMS) break;
      const [start = 0, end = start] = error.pos;
      problems.push({ message: `YAML: ${error.code}`, start: clamp(start, text), end: clamp(end, text) });
    }
    if (!document.contents) continue;
    const conversion = { text, anchors: anchorsOf(document.contents), open: new Set<Node>(), budget: MAX_NODES };
    const root = toNode(document.contents, conversion, 0);
    if (root.kind !== 'scalar' || root.value !== null) roots.push(root);
  }
  return { roots, problems };
}

function toNode(node: Node, conversion: Conversion, position: number): DocumentNode {
  const [start, end] = rangeOf(node, conversion.text, position);
  if (conversion.budget-- <= 0) return unknown('too-large', start, end);
  if (isAlias(node)) {
    const target = conversion.anchors.get(node.source);
    if (!target || conversion.open.has(target)) return unknown('alias', start, end);
    return toNode(target, conversion, start);
  }
  if (isScalar(node)) return toScalar(node.value, node.source, customTag(node.tag), start, end, conversion.text);
  conversion.open.add(node);
  let result: DocumentNode = { kind: 'scalar', value: null, start, end };
  const tag = customTag(node.tag);
  if (isMap(node)) {
    const entries = toEntries(node, conversion);
    const last = entries.reduce((max, item) => Math.max(max, inside(item, start, end)), start);
    result = { kind: 'map', entries, start, end: node.flow ? end : last, ...(tag && { tag }) };
  } else if (isSeq(node)) {
    const items = node.items.map(item => toNode(item as Node, conversion, start));
    const last = items.reduce(
      (max, item) => (item.start >= start && item.end <= end ? Math.max(max, item.end) : max),
      start,
    );
    result = {
      kind: 'list',
      items,
      start,
      end: node.flow ? end : Math.max(last, Math.min(start + 1, end)),
      ...(tag && { tag }),
    };
  }
  conversion.open.delete(node);
  return result;
}

/** The end of an entry that is written inside of its map; a merged or aliased one is written elsewhere. */
function inside(item: MapEntry, start: number, end: number): number {
  if (item.keyStart < start || item.keyEnd > end) return start;
  return item.value.start >= item.keyEnd && item.value.end <= end ? Math.max(item.keyEnd, item.value.end) : item.keyEnd;
}

function toEntries(map: YAMLMap, conversion: Conversion): MapEntry[] {
  const own: MapEntry[] = [];
  const merged: MapEntry[] = [];
  for (const pair of map.items as Pair<Node, Node | null>[]) {
    const keyNode = pair.key as Node | null;
    const [keyStart, keyEnd] = keyNode
      ? rangeOf(keyNode, conversion.text, 0)
      : [map.range?.[0] ?? 0, map.range?.[0] ?? 0];
    const value: DocumentNode = pair.value
      ? toNode(pair.value, conversion, keyEnd)
      : { kind: 'scalar', value: null, start: keyEnd, end: keyEnd };
    if (isScalar(keyNode) && (keyNode.value === '<<' || typeof keyNode.value === 'symbol')) {
      for (const source of value.kind === 'list' ? value.items : [value])
        if (source.kind === 'map') merged.push(...source.entries);
      continue;
    }
    own.push({ key: keyText(keyNode), keyStart, keyEnd, value: atKey(value, keyEnd) });
  }
  const names = new Set(own.map(item => item.key));
  for (const item of merged) {
    if (names.has(item.key)) continue;
    names.add(item.key);
    own.push(item);
  }
  return own;
}

/** An empty value stands right behind its key, not where the next token is. */
function atKey(value: DocumentNode, keyEnd: number): DocumentNode {
  return value.kind === 'scalar' && value.value === null && value.start === value.end
    ? { ...value, start: keyEnd, end: keyEnd }
    : value;
}

function keyText(key: Node | null): string {
  if (isScalar(key)) return typeof key.value === 'string' ? key.value : String(key.source ?? key.value ?? '');
  return '?';
}

function toScalar(
  value: unknown,
  source: string | undefined,
  tag: string | undefined,
  start: number,
  end: number,
  text: string,
): ScalarNode {
  let plain: ScalarNode['value'];
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) plain = value;
  else if (typeof value === 'number' && Number.isFinite(value)) plain = value + 0;
  else plain = source ?? text.slice(start, end);
  return { kind: 'scalar', value: plain, start, end, ...(tag && { tag }) };
}

function customTag(tag: string | undefined): string | undefined {
  return tag?.startsWith('tag:yaml.org,') ? undefined : tag;
}

function unknown(tag: string, start: number, end: number): ScalarNode {
  return { kind: 'scalar', value: null, tag, start, end };
}

/** A block scalar's range has its trailing line breaks; a person would not select them. */
function rangeOf(node: Node, text: string, position: number): [number, number] {
  const start = clamp(node.range?.[0] ?? position, text);
  let end = Math.max(start, clamp(node.range?.[1] ?? start, text));
  if (isScalar(node)) while (end > start && /\s/.test(text[end - 1]!)) end--;
  return [start, end];
}

function anchorsOf(root: Node): Map<string, Node> {
  const anchors = new Map<string, Node>();
  const visit = (node: unknown): void => {
    if (isAlias(node)) return;
    if (isScalar(node) || isMap(node) || isSeq(node)) {
      if (node.anchor && !anchors.has(node.anchor)) anchors.set(node.anchor, node as Node);
    }
    if (isMap(node)) {
      for (const pair of node.items) {
        visit(pair.key);
        visit(pair.value);
      }
    } else if (isSeq(node)) for (const item of node.items) visit(item);
  };
  visit(root);
  return anchors;
}

function clamp(offset: number, text: string): number {
  return Math.max(0, Math.min(offset, text.length));
}
