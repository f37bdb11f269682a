import { eachStmt } from '../link/env.ts';
import type { RouterObject } from '../link/router.ts';
import type { Expr, Stmt } from '../model/facts.ts';
import type { FixDraft } from '../rules/rule.ts';
import { addDependency } from './package-dependency.ts';
import { type ImportWish, insertImport } from './source-import.ts';
import { edit, indentAt, styleOf } from './source-style.ts';

interface Way {
  readonly wish: ImportWish;
  readonly range?: string;
  readonly register?: true;
}

const HELMET: Way = { wish: { module: 'helmet', name: 'default', local: 'helmet' }, range: '^8.1.0' };
const WAYS: Readonly<Record<string, Way>> = {
  express: HELMET,
  nest: HELMET,
  koa: { wish: { module: 'koa-helmet', name: 'default', local: 'helmet' }, range: '^8.0.1' },
  hono: { wish: { module: 'hono/secure-headers', name: 'secureHeaders' } },
  fastify: { wish: { module: '@fastify/helmet', name: 'default', local: 'helmet' }, range: '^13.0.0', register: true },
};

/** Sets the headers first thing after an application is made. */
export function addHeaders({ framework, span }: RouterObject): readonly FixDraft[] {
  const way = WAYS[framework];
  if (!way) return [];
  return [
    {
      title: way.wish.name === 'default' ? `Set them with ${way.wish.module}` : 'Set them with secureHeaders',
      kind: 'auto',
      change({ model, text }) {
        const { file } = span;
        const source = text(file);
        const facts = model.project.sources.get(file);
        if (source === undefined || !facts) return undefined;
        let made: (Stmt & { k: 'let' }) | undefined;
        for (const fn of facts.functions)
          eachStmt(fn.body, stmt => {
            if (stmt.k === 'let' && stmt.v && callStart(stmt.v) === span.start) made ??= stmt;
          });
        const lineEnd = made ? source.indexOf('\n', made.p[1]) : -1;
        if (made?.pat.k !== 'pid' || lineEnd === -1) return undefined;
        if (!/^\s*;?\s*(?:\/\/.*)?$/.test(source.slice(made.p[1], lineEnd).trimEnd())) return undefined;
        const added = insertImport(file, source, facts, way.wish);
        if (!added) return undefined;
        const { eol, semicolon } = styleOf(source);
        const name = made.pat.n;
        const call = way.register ? `${name}.register(${added.local})` : `${name}.use(${added.local}())`;
        const line = `${indentAt(source, made.p[0])}${call}${semicolon}${eol}`;
        const edits = [
          ...added.edits,
          edit(file, [lineEnd + 1, lineEnd + 1], line),
          ...(way.range ? addDependency(model.project, text, file, way.wish.module, way.range) : []),
        ];
        return { edits, newFiles: [] };
      },
    },
  ];
}

function callStart(e: Expr): number {
  return e.k === 'await' || e.k === 'as' ? callStart(e.e) : e.p[0];
}
