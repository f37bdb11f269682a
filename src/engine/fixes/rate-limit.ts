import type { Endpoint } from '../link/endpoint.ts';
import { eachStmt } from '../link/env.ts';
import type { Model } from '../link/model.ts';
import type { Stmt } from '../model/facts.ts';
import { type Registration, registrationAt } from '../queries/security/registrations.ts';
import type { FixDraft } from '../rules/rule.ts';
import { addDependency } from './package-dependency.ts';
import { insertImport, isTaken } from './source-import.ts';
import { insertBefore } from './source-statement.ts';
import { edit, styleOf } from './source-style.ts';

/** A limiter as it is written: its name, what it allows in words, and its options. */
interface Limiter {
  readonly name: string;
  readonly allows: string;
  readonly options: string;
}

export const TRIES: Limiter = {
  name: 'authLimiter',
  allows: '10 tries in 15 minutes',
  options: '{ windowMs: 15 * 60_000, limit: 10 }',
};

export const QUESTIONS: Limiter = {
  name: 'modelLimiter',
  allows: '20 requests a minute',
  options: '{ windowMs: 60_000, limit: 20 }',
};

/** Puts one limiter before routes of Express that are registered side by side. */
export function limitRoutes(
  routes: readonly Endpoint[],
  { name, allows, options }: Limiter = TRIES,
): readonly FixDraft[] {
  const { file } = routes[0]!.span;
  if (routes.some(({ framework, span }) => framework !== 'express' || span.file !== file)) return [];
  const which = routes.length > 1 ? 'these routes' : 'this route';
  return [{ title: `Limit ${which} to ${allows}`, kind: 'auto', change }];

  function change({ model, text }: Parameters<FixDraft['change']>[0]): ReturnType<FixDraft['change']> {
    const source = text(file);
    const facts = model.project.sources.get(file);
    const places = placesOf(model, routes);
    if (source === undefined || !facts || !places || isTaken(facts, name)) return undefined;
    const limiter = insertImport(file, source, facts, { module: 'express-rate-limit', name: 'rateLimit' });
    if (!limiter) return undefined;
    const line = `const ${name} = ${limiter.local}(${options})${styleOf(source).semicolon}`;
    const declared = insertBefore(file, source, places[0]!.statement, [line]);
    if (!declared) return undefined;
    const used = places.map(({ handler }) => edit(file, [handler, handler], `${name}, `));
    const added = addDependency(model.project, text, file, 'express-rate-limit', '^8.0.0');
    return { edits: [...limiter.edits, declared, ...used, ...added], newFiles: [] };
  }
}

/** Statements of the registrations in order, with the offset of what follows the path; undefined in several functions. */
function placesOf({ program }: Model, routes: readonly Endpoint[]): { statement: Stmt; handler: number }[] | undefined {
  const out: { statement: Stmt; handler: number }[] = [];
  let first: Registration | undefined;
  for (const { span } of routes) {
    const found = registrationAt(program, span);
    const [, handler] = found?.call.a ?? [];
    first ??= found;
    if (!found || !handler || found.fn !== first!.fn) return undefined;
    const { call, fn } = found;
    let statement: Stmt | undefined;
    eachStmt(fn.body, one => {
      if (one.k === 'expr' && one.p[0] <= call.p[0] && call.p[1] <= one.p[1]) statement ??= one;
    });
    if (!statement) return undefined;
    out.push({ statement, handler: handler.p[0] });
  }
  return out.sort((a, b) => a.handler - b.handler);
}
