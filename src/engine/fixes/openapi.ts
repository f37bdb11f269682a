import { stringify } from 'yaml';
import type { Endpoint } from '../link/endpoint.ts';
import type { ApiOperation, OpenApiFacts } from '../model/artefacts/api.ts';
import type { TextRange } from '../model/document.ts';
import type { TextEdit } from '../model/span.ts';
import type { FixDraft } from '../rules/rule.ts';
import { removeLines, replaceScalar } from './document.ts';
import { setJson } from './document-json.ts';
import { appendToMap, insertBeforeKey } from './document-yaml.ts';
import { describedRoute } from './openapi-operation.ts';
import { beginsLine, lineStart } from './source-style.ts';

/** A route with the path that a document would give it. */
export interface Wanted {
  readonly route: Endpoint;
  readonly specPath: string;
}

/** Adds what the code shows of routes to a document; its comments and layout stay. */
export function addOperations(file: string, facts: OpenApiFacts, wanted: readonly Wanted[]): FixDraft {
  const [first] = wanted;
  return {
    title:
      wanted.length === 1 && first
        ? `Describe ${first.route.method} ${first.specPath}`
        : `Describe ${wanted.length} routes`,
    kind: 'suggest',
    change({ model, text }) {
      const own = text(file);
      if (own === undefined) return undefined;
      const described = wanted.map(({ route, specPath }) => ({
        path: specPath,
        verb: route.method.toLowerCase(),
        says: describedRoute(model, facts, route, specPath),
      }));
      const edits = isJson(own) ? intoJson(file, own, described) : intoYaml(file, own, facts, described);
      return edits && edits.length > 0 ? { edits, newFiles: [] } : undefined;
    },
  };
}

interface Described {
  readonly path: string;
  readonly verb: string;
  readonly says: object;
}

function intoJson(file: string, text: string, described: readonly Described[]): TextEdit[] {
  let after = text;
  for (const { path, verb, says } of described)
    after = replaced(after, setJson(file, after, ['paths', path, verb], says));
  return difference(file, text, after);
}

function replaced(text: string, edits: readonly TextEdit[]): string {
  let out = text;
  for (const { span, text: by } of [...edits].sort((a, b) => b.span.start - a.span.start))
    out = out.slice(0, span.start) + by + out.slice(span.end);
  return out;
}

/** One edit for what differs between two texts. */
function difference(file: string, before: string, after: string): TextEdit[] {
  if (before === after) return [];
  let start = 0;
  while (before[start] === after[start]) start++;
  let tail = 0;
  const most = Math.min(before.length, after.length) - start;
  while (tail < most && before.at(-1 - tail) === after.at(-1 - tail)) tail++;
  const text = after.slice(start, after.length - tail);
  return [{ span: { file, start, end: before.length - tail }, text }];
}

function intoYaml(
  file: string,
  text: string,
  facts: OpenApiFacts,
  described: readonly Described[],
): TextEdit[] | undefined {
  const edits: TextEdit[] = [];
  const style = { lineWidth: 0, singleQuote: !/^\s*"\d{3}":/m.test(text) };
  const beside = new Map<TextRange, string[]>();
  const fresh = new Map<string, string[]>();
  for (const { path, verb, says } of described) {
    const lines = stringify({ [verb]: says }, style)
      .trimEnd()
      .split('\n');
    const sibling = facts.operations.findLast(one => one.path.value === path);
    if (sibling && !beginsLine(text, sibling.start)) return undefined;
    if (sibling) beside.set(sibling, [...(beside.get(sibling) ?? []), ...lines]);
    else fresh.set(path, [...(fresh.get(path) ?? []), ...lines.map(line => `  ${line}`)]);
  }
  const lines = [...fresh].flatMap(([path, below]) => [`${path}:`, ...below]);
  if (lines.length > 0 && facts.paths) beside.set(facts.paths, lines);
  for (const [map, own] of beside) {
    const added = appendToMap(file, text, map, own);
    if (!added) return undefined;
    edits.push(added);
  }
  return edits;
}

/** Says of operations that callers show a scheme's credential. */
export function setSecurity(file: string, operations: readonly ApiOperation[], scheme: string): FixDraft {
  return {
    title: `Say that ${scheme} is asked for`,
    kind: 'auto',
    change({ text }) {
      const own = text(file);
      if (own === undefined) return undefined;
      if (isJson(own)) {
        let after = own;
        for (const { method, path } of operations) {
          const at = ['paths', path.value, method.value.toLowerCase(), 'security'];
          after = replaced(after, setJson(file, after, at, [{ [scheme]: [] }]));
        }
        return { edits: difference(file, own, after), newFiles: [] };
      }
      const edits: TextEdit[] = [];
      for (const operation of operations) {
        // An empty list is said on purpose, and stands somewhere among the other keys.
        const key = operation.security ? undefined : firstKey(own, operation);
        if (key === undefined) return undefined;
        edits.push(insertBeforeKey(file, own, key, ['security:', `  - ${scheme}: []`]));
      }
      return { edits, newFiles: [] };
    },
  };
}

/** Lets a document name the type that the code takes. */
export function setType(file: string, said: TextRange, type: string): FixDraft {
  return {
    title: `Document it as ${type}`,
    kind: 'suggest',
    change({ text }) {
      const own = text(file);
      return own === undefined ? undefined : { edits: [replaceScalar(file, own, said, type)], newFiles: [] };
    },
  };
}

/** Where the first key below a method stands; undefined if the operation is written in braces. */
function firstKey(text: string, { method, end }: ApiOperation): number | undefined {
  const found = /^["']?\s*:[^\S\n]*(?:#[^\n]*)?\n(?:[^\S\n]*(?:#[^\n]*)?\n)*[^\S\n]*(?=[^\s#])/.exec(
    text.slice(method.end, end),
  );
  return found ? method.end + found[0].length : undefined;
}

/** Takes an operation out, with its path if nothing else stands there. */
export function removeOperation(file: string, facts: OpenApiFacts, operation: ApiOperation): FixDraft {
  const { method, path } = operation;
  return {
    title: `Remove ${method.value} ${path.value} from the document`,
    kind: 'suggest',
    change({ text }) {
      const own = text(file);
      if (own === undefined) return undefined;
      const siblings = facts.operations.filter(one => one.path.start === path.start);
      const edits = isJson(own)
        ? setJson(
            file,
            own,
            ['paths', path.value, ...(siblings.length > 1 ? [method.value.toLowerCase()] : [])],
            undefined,
          )
        : removeYaml(file, own, siblings.length > 1 ? operation : { start: path.start, end: operation.end });
      return edits && { edits, newFiles: [] };
    },
  };
}

function removeYaml(file: string, text: string, range: { start: number; end: number }): TextEdit[] | undefined {
  if (!beginsLine(text, range.start)) return undefined;
  const column = range.start - lineStart(text, range.start);
  // What else stands below the key (parameters of a path, extensions) goes with it.
  const next = new RegExp(`^(?: {0,${column}})[^\\s#]`, 'm');
  next.lastIndex = 0;
  const eol = text.indexOf('\n', range.end - 1);
  const rest = eol === -1 ? '' : text.slice(eol + 1);
  const after = next.exec(rest);
  const end = after && rest.slice(0, after.index).trim() !== '' ? eol + after.index : range.end;
  return [removeLines(file, text, range.start, end)];
}

function isJson(text: string): boolean {
  return /^\uFEFF?\s*\{/.test(text);
}
