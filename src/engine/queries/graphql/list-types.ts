import { eachExpr, eachExprIn } from '../../link/env.ts';
import { perFile } from '../../link/kept/per-file.ts';
import type { Model } from '../../link/model.ts';
import { spanAt } from '../../link/spans.ts';
import type { Expr, FileFacts } from '../../model/facts.ts';
import type { Span } from '../../model/span.ts';

/**
 * Object types that some field of a GraphQL schema gives a list of, by name, with the first such place: from schema
 * files, from schema text in the source, and from `() => [User]` or `type: [User]` in code.
 */
export function listTypes({ project }: Model): ReadonlyMap<string, Span> {
  const out = new Map<string, Span>();
  const edges: [edge: string, node: string][] = [];
  const add = (name: string, span: Span): void => {
    if (!out.has(name)) out.set(name, span);
  };
  for (const { path, facts } of project.artefactsOf('graphql-sdl')) {
    if (project.roleOf(path) !== 'source') continue;
    for (const { name, type, fields } of facts.types) {
      if (type !== 'object' && type !== 'interface') continue;
      for (const field of fields) {
        if (field.list) add(field.typeName, { file: path, start: field.name.start, end: field.name.end });
        else if (field.name.value === 'node') edges.push([name.value, field.typeName]);
      }
    }
  }
  for (const [path, facts] of project.sources) for (const { name, p } of named(facts)) add(name, spanAt(path, p));
  // A connection lists edges, and each edge holds one node.
  for (const [edge, node] of edges) {
    const span = out.get(edge);
    if (span) add(node, span);
  }
  return out;
}

interface Named {
  readonly name: string;
  readonly p: Expr['p'];
}

const GRAPHQL = /graphql|pothos|nexus|apollo/i;
const LISTED = /:\s*\[\s*(\w+)/g;

const named = perFile(({ imports, functions, classes }: FileFacts): readonly Named[] => {
  const out: Named[] = [];
  const byImport = imports.some(({ module }) => GRAPHQL.test(module));
  const look = (e: Expr): void => {
    if (e.k === 'str' || e.k === 'tpl') out.push(...inText(e));
    else if (byImport && e.k === 'obj')
      for (const prop of e.props) if (prop.k === 'prop' && prop.n === 'type') out.push(...inList(prop.v));
  };
  if (byImport)
    for (const { members } of classes)
      for (const { decorators } of members)
        for (const { e } of decorators ?? [])
          for (const arg of e.k === 'call' ? e.a : []) {
            const [stmt] = arg.k === 'fn' ? (functions[arg.f]?.body ?? []) : [];
            if (stmt?.k === 'ret' && stmt.e) out.push(...inList(stmt.e));
            eachExpr(arg, look);
          }
  for (const fn of functions) eachExprIn(fn, look);
  return out;
});

/** `[User]`, `['User']`. */
function inList(e: Expr): Named[] {
  const [only, more] = e.k === 'arr' ? e.e : [];
  if (!only || more) return [];
  return only.k === 'id' ? [{ name: only.n, p: e.p }] : only.k === 'str' ? [{ name: only.v, p: e.p }] : [];
}

/** Lists in schema text. */
function inText(e: Expr): Named[] {
  const text =
    e.k === 'str' ? e.v : e.k === 'tpl' ? e.parts.map(one => (typeof one === 'string' ? one : ' ')).join('') : '';
  if (!/\b(?:type|interface)\s+\w+[^{}]*\{/.test(text)) return [];
  return [...text.matchAll(LISTED)].map(([, name]) => ({ name: name!, p: e.p }));
}
