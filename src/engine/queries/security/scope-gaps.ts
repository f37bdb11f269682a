import type { Endpoint } from '../../link/endpoint.ts';
import { classify } from '../../link/guards.ts';
import type { Model } from '../../link/model.ts';
import type { Program } from '../../link/program.ts';
import type { RouterEntry, RouterObject } from '../../link/router.ts';
import type { ExprOf } from '../../model/facts.ts';
import type { Span } from '../../model/span.ts';
import { type UnboundGuard, unboundGuards } from './unbound-guards.ts';

/** A guard that is there, and the routes its scope leaves out. */
export type ScopeGap =
  /** A hook in a scope of its own, without a route in it. `register` is the call that opened the scope. */
  | { readonly kind: 'scope'; readonly span: Span; readonly open: readonly Endpoint[]; readonly register: Span }
  /** A pattern that tells upper from lower case, before routes that do not. */
  | { readonly kind: 'pattern'; readonly span: Span; readonly open: readonly Endpoint[]; readonly pattern: string }
  | ({ readonly kind: 'unbound'; readonly open: readonly Endpoint[] } & UnboundGuard);

type Use = RouterEntry & { k: 'use' };

const BEFORE = new Set(['onRequest', 'preParsing', 'preValidation', 'preHandler']);

export function scopeGaps(model: Model): ScopeGap[] {
  const { program, endpoints } = model;
  const open = endpoints.filter(
    ({ auth, partial, isPublic }) => auth === 'no' && partial === undefined && isPublic === undefined,
  );
  const out: ScopeGap[] = [];
  for (const router of program.routers) {
    if (!model.isJudged(router.span.file)) continue;
    for (const entry of router.entries) {
      if (entry.k !== 'use' || entry.conditional || !guards(program, entry)) continue;
      const gap = emptyScope(program, router, entry, open) ?? casePattern(program, router, entry, endpoints);
      if (gap) out.push(gap);
    }
  }
  for (const guard of unboundGuards(model)) {
    const unit = program.project.packageOf(guard.span.file)?.folder ?? '';
    const left = open.filter(endpoint => endpoint.unit === unit);
    if (left.length) out.push({ kind: 'unbound', open: left, ...guard });
  }
  return out;
}

function guards(program: Program, { handlers }: Use): boolean {
  return handlers.some(value => {
    if (value.k === 'router') return false;
    const { roles } = classify(program, value);
    return roles.includes('authenticates') && !roles.includes('unknown');
  });
}

/** A hook guards the routes of its own scope and of those below it; where there are none it guards nothing. */
function emptyScope(
  program: Program,
  router: RouterObject,
  { span, stage }: Use,
  open: readonly Endpoint[],
): ScopeGap | undefined {
  const { parent } = router;
  if (!parent || !stage || !BEFORE.has(stage)) return undefined;
  const below = (one: RouterObject): RouterObject[] => [
    one,
    ...program.routers.filter(other => other.parent === one).flatMap(below),
  ];
  for (const one of below(router)) {
    // A plugin that cannot be seen through may bring routes.
    const may = one.entries.some(
      entry =>
        entry.k === 'route' ||
        entry.handlers.some(value => value.k === 'router') ||
        (entry.stage === 'plugin' && entry.handlers.some(value => classify(program, value).roles.includes('unknown'))),
    );
    if (may || one.detached) return undefined;
  }
  // Registered again for other scopes, or shared by a mark that only the plugin's own code sets.
  const again = program.routers.some(
    one =>
      one !== router && one.entries.some(entry => entry.span.file === span.file && entry.span.start === span.start),
  );
  if (again || setsOwnScope(program, span.file)) return undefined;
  const routes = open.filter(({ chain }) => !chain.some(link => link.span === span));
  return routes.length ? { kind: 'scope', span, open: routes, register: router.span } : undefined;
}

/** `plugin[Symbol.for('skip-override')] = true`, and autoload's `plugin.encapsulate = false`. */
function setsOwnScope(program: Program, file: string): boolean {
  const facts = program.units.get(file)?.facts;
  return facts === undefined || facts.exports.some(({ name }) => name === 'encapsulate') || mentions(program, file);
}

function mentions(program: Program, file: string): boolean {
  const unit = program.units.get(file)!;
  return unit.facts.functions.some(fn =>
    fn.body.some(
      stmt =>
        stmt.k === 'expr' &&
        stmt.e.k === 'assign' &&
        (stmt.e.l.k === 'idx' || stmt.e.l.k === 'mem') &&
        isSkip(stmt.e.l),
    ),
  );
}

function isSkip(target: ExprOf<'idx'> | ExprOf<'mem'>): boolean {
  if (target.k === 'mem') return target.n === 'encapsulate';
  return target.i.k === 'call' && target.i.a.some(arg => arg.k === 'str' && arg.v === 'skip-override');
}

function casePattern(
  program: Program,
  router: RouterObject,
  { span, path }: Use,
  endpoints: readonly Endpoint[],
): ScopeGap | undefined {
  const adapter = program.adapters.byId(router.framework);
  if (path?.k !== 'regex' || path.flags.includes('i') || !adapter?.ignoresCase) return undefined;
  const sensitive = router.notes.get('case sensitive routing');
  if (sensitive && !(sensitive.k === 'const' && !sensitive.v)) return undefined;
  const pattern = compiled(path.source);
  if (!pattern) return undefined;
  const routes = endpoints.filter(one => pattern.test(one.path) && !pattern.test(one.path.toUpperCase()));
  return routes.length ? { kind: 'pattern', span, open: routes, pattern: `/${path.source}/` } : undefined;
}

function compiled(source: string): RegExp | undefined {
  try {
    return new RegExp(source);
  } catch {
    return undefined;
  }
}
