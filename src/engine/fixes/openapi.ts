import type { ApiOperation, OpenApiFacts } from '../model/artefacts/api.ts';
import type { TextEdit } from '../model/span.ts';
import type { FixDraft } from '../rules/rule.ts';
import { removeLines } from './document.ts';
import { setJson } from './document-json.ts';
import { appendToMap } from './document-yaml.ts';
import { beginsLine, lineStart } from './source-style.ts';

/** Adds the skeleton of an operation to a document; its comments and layout stay. */
export function addOperation(file: string, facts: OpenApiFacts, method: string, path: string): FixDraft {
  const verb = method.toLowerCase();
  return {
    title: `Describe ${method} ${path}`,
    kind: 'suggest',
    change({ text }) {
      const own = text(file);
      if (own === undefined) return undefined;
      const names = namesIn(path);
      if (isJson(own)) {
        const edits = setJson(file, own, ['paths', path, verb], skeleton(names));
        return { edits, newFiles: [] };
      }
      const sibling = facts.operations.findLast(one => one.path.value === path);
      const lines = yamlSkeleton(verb, names);
      const added = sibling
        ? beginsLine(own, sibling.start) && appendToMap(file, own, sibling, lines)
        : facts.paths && appendToMap(file, own, facts.paths, [`${path}:`, ...lines.map(line => `  ${line}`)]);
      return added ? { edits: [added], newFiles: [] } : undefined;
    },
  };
}

/** Adds skeletons of several operations at once. */
export function addOperations(
  file: string,
  facts: OpenApiFacts,
  wanted: readonly { readonly method: string; readonly path: string }[],
): FixDraft {
  return {
    title: `Describe ${wanted.length} routes`,
    kind: 'suggest',
    change({ text }) {
      const own = text(file);
      if (own === undefined || isJson(own) || !facts.paths) return undefined;
      const edits: TextEdit[] = [];
      const fresh = new Map<string, string[]>();
      for (const { method, path } of wanted) {
        const lines = yamlSkeleton(method.toLowerCase(), namesIn(path));
        const sibling = facts.operations.findLast(one => one.path.value === path);
        const added = sibling && beginsLine(own, sibling.start) ? appendToMap(file, own, sibling, lines) : undefined;
        if (sibling && !added) return undefined;
        if (added) edits.push(added);
        else fresh.set(path, [...(fresh.get(path) ?? []), ...lines.map(line => `  ${line}`)]);
      }
      const lines = [...fresh].flatMap(([path, below]) => [`${path}:`, ...below]);
      const added = lines.length > 0 ? appendToMap(file, own, facts.paths, lines) : undefined;
      if (lines.length > 0 && !added) return undefined;
      return { edits: added ? [...edits, added] : edits, newFiles: [] };
    },
  };
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

function namesIn(path: string): string[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(match => match[1]!);
}

function isJson(text: string): boolean {
  return /^\uFEFF?\s*\{/.test(text);
}

function skeleton(names: readonly string[]): unknown {
  return {
    ...(names.length ? { parameters: names.map(parameter) } : {}),
    responses: { 200: { description: 'OK' } },
  };
}

function parameter(name: string): unknown {
  return { name, in: 'path', required: true, schema: { type: 'string' } };
}

function yamlSkeleton(verb: string, names: readonly string[]): string[] {
  const parameters = names.flatMap(name => [
    `    - name: ${name}`,
    '      in: path',
    '      required: true',
    '      schema:',
    '        type: string',
  ]);
  return [
    `${verb}:`,
    ...(names.length ? ['  parameters:', ...parameters] : []),
    '  responses:',
    "    '200':",
    '      description: OK',
  ];
}
