import type { Endpoint } from '../link/endpoint.ts';
import { type FunctionEndpoint, functionEndpoints } from '../link/function-events.ts';
import { get } from '../model/document.ts';
import type { TextEdit } from '../model/span.ts';
import type { FixDraft } from '../rules/rule.ts';
import { appendToMap, isFlow } from './document-yaml.ts';
import { edit } from './source-style.ts';

/** Gives an event of a function the authorizer that most of its siblings name. */
export function authorizeLike({ span }: Endpoint, guarded: readonly Endpoint[]): FixDraft {
  return {
    title: 'Name the authorizer of the sibling events',
    kind: 'suggest',
    change({ model, text }) {
      const source = text(span.file);
      const events = functionEndpoints(model.program).filter(one => one.path === span.file);
      const target = events.find(one => one.span.start === span.start);
      const siblings = events.filter(one => guarded.some(({ span: at }) => at.start === one.span.start));
      const written = source === undefined ? undefined : mostUsed(source, siblings);
      const added = target && source !== undefined && written ? addTo(source, target, written) : undefined;
      return added && { edits: [added], newFiles: [] };
    },
  };
}

/** The text of the authorizer that most events name, on one line. */
function mostUsed(source: string, events: readonly FunctionEndpoint[]): string | undefined {
  const counts = new Map<string, number>();
  for (const { authorizer } of events) {
    if (!authorizer) continue;
    const written = source.slice(authorizer.start, authorizer.end).trim();
    if (!written.includes('\n')) counts.set(written, (counts.get(written) ?? 0) + 1);
  }
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0];
}

/** A template of SAM keeps the authorizer in `Auth`, serverless.yml beside the path. */
function addTo(
  source: string,
  { path, event: { node, type } }: FunctionEndpoint,
  authorizer: string,
): TextEdit | undefined {
  if (node.kind !== 'map' || get(node, 'Auth')) return undefined;
  const isTemplate = type.value === 'Api' || type.value === 'HttpApi';
  const isJson = path.endsWith('.json');
  if (!isFlow(source, node)) {
    // An authorizer written as a map on one line is in braces; `name: x` on a line of its own is not.
    if (/^[\w'"]+:\s/.test(authorizer)) return appendToMap(path, source, node, ['authorizer:', `  ${authorizer}`]);
    return appendToMap(
      path,
      source,
      node,
      isTemplate ? ['Auth:', `  Authorizer: ${authorizer}`] : [`authorizer: ${authorizer}`],
    );
  }
  const last = node.entries.at(-1);
  if (!last || /^[\w'"]+:\s/.test(authorizer)) return undefined;
  const name = (key: string): string => (isJson ? `"${key}"` : key);
  const written = isTemplate
    ? `${name('Auth')}: { ${name('Authorizer')}: ${authorizer} }`
    : `${name('authorizer')}: ${authorizer}`;
  return edit(path, [last.value.end, last.value.end], `, ${written}`);
}
