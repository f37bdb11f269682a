import type { Span } from '../model/span.ts';
import type { ChainLink, MiddlewareRole } from './endpoint.ts';
import { type Classification, classify, classifyWrapper } from './guards.ts';
import { forMethod } from './method-slices.ts';
import { forPath } from './path-slices.ts';
import type { Program } from './program.ts';
import type { RouteVerdict } from './router.ts';
import type { ModelSettings } from './settings.ts';
import { isTaught } from './taught.ts';
import type { Env, Value } from './values.ts';

/** A step that may apply to a route, before it is known whether its path covers it. */
export interface Step {
  readonly value: Value;
  readonly span: Span;
  readonly path: string;
  readonly match: 'prefix' | 'exact';
  readonly via: string;
  readonly level?: 'app' | 'router';
  readonly conditional: boolean;
  /** What it came to for the routes before: most steps stand before many. */
  readonly links?: Map<boolean, { readonly from: Classification; readonly link: ChainLink }>;
}

export interface Linked {
  readonly program: Program;
  readonly settings: ModelSettings;
}

/** A guard that lets some paths by is, for a route at one of them, what it does then; ALL where methods differ. */
export function atRoute(program: Program, link: ChainLink, path: string, method: string): ChainLink {
  if (link.value.k !== 'func' || !link.roles.some(role => PROTECTS.has(role))) return link;
  const slice = forPath(program, link.value, path, method);
  if (!slice) return link;
  const { mayNotRun = false, ...rest } = link;
  const { roles, why, evidence } = classify(program, slice);
  return {
    ...rest,
    ...(mayNotRun && !roles.includes('unknown') ? { mayNotRun } : {}),
    roles: link.roles.includes('unknown') ? [...roles, 'unknown'] : roles,
    why,
    evidence,
  };
}

/** A step that acts for some methods only is, for one of them, what it does then. */
export function stepFor(program: Program, link: ChainLink, method: string): ChainLink {
  const slice = link.value.k === 'func' && method !== 'ALL' ? forMethod(program, link.value, method) : undefined;
  if (!slice) return link;
  const { roles, why, evidence } = classify(program, slice);
  const known = classify(program, link.value).roles;
  return known.every(role => link.roles.includes(role)) && link.roles.length === known.length
    ? { ...link, roles, why, evidence }
    : link;
}

/** The step as a link of the chain before one route; uncertain: whether it runs for that route is not known. */
export function toLink(model: Linked, step: Step, uncertain: boolean): ChainLink {
  const known = taught(model, step.value) ?? classify(model.program, step.value);
  const before = step.links?.get(uncertain);
  if (before?.from === known) return before.link;
  const made = asMade(known.roles, step.value);
  const mayProtect = uncertain && made.some(role => PROTECTS.has(role));
  const link: ChainLink = {
    value: step.value,
    roles: mayProtect ? [...made, 'unknown'] : made,
    ...(mayProtect && !known.roles.includes('unknown') ? { mayNotRun: true } : {}),
    ...(known.turnsAway ? { turnsAway: true } : {}),
    span: step.span,
    via: step.via,
    ...(step.level ? { level: step.level } : {}),
    why: known.why,
    evidence: known.evidence,
    ...(known.credentials?.length ? { credentials: known.credentials } : {}),
  };
  step.links?.set(uncertain, { from: known, link });
  return link;
}

/** `check({ body })` looks at the body only, though what it made could look at more. */
function asMade(roles: readonly MiddlewareRole[], value: Value): readonly MiddlewareRole[] {
  if (value.k !== 'func' || !roles.some(role => role.startsWith('validates-'))) return roles;
  const left = roles.filter(role => !role.startsWith('validates-') || !isLeftOut(value.env, role.slice(10)));
  return left.length > 0 ? left : ['neutral'];
}

function isLeftOut(env: Env, part: string): boolean {
  for (let at: Env | undefined = env; at && at.fn.kind !== 'module' && !at.isStatic; at = at.parent) {
    const given = at.vars.get(part);
    if (given) return given.k === 'const' && given.v === undefined;
  }
  return false;
}

/** The step as it is for a route whose options take away what it does. */
export function without(link: ChainLink, { role, why }: NonNullable<RouteVerdict['lifted']>): ChainLink {
  if (!link.roles.includes(role)) return link;
  const left = link.roles.filter(one => one !== role);
  // Whether it runs is open only for what it would have done.
  const isNothing = left.every(one => link.mayNotRun && one === 'unknown');
  return { ...link, roles: isNothing ? ['neutral'] : left, why: `${link.why}, but ${why}` };
}

/** A step that its route switches off stays off, whatever the settings say of the guard. */
export function retaught(model: Linked, step: ChainLink): ChainLink {
  const known = taught(model, step.value, step.name);
  if (
    !known ||
    (!step.roles.includes('unknown') && step.roles.join() !== classify(model.program, step.value).roles.join())
  )
    return step;
  return { ...step, ...known };
}

/** What the project's settings teach about a step. */
function taught({ settings }: Linked, value: Value, called?: string): Classification | undefined {
  for (const [kind, role] of TAUGHT) {
    if (isTaught(settings, kind, value, called))
      return { roles: [role], why: `named in ${kind} of the settings`, evidence: [] };
  }
  return undefined;
}

const TAUGHT = [
  ['guards', 'authenticates'],
  ['validators', 'validates-body'],
  ['limiters', 'limits-rate'],
] as const;

/** Roles that make a difference where it is open whether the step runs. */
const PROTECTS = new Set<string>([
  'authenticates',
  'authorizes',
  'limits-rate',
  'verifies-signature',
  'csrf',
  'validates-body',
  'validates-query',
  'validates-params',
  'validates-headers',
]);

/** What a wrapper does before the handler. */
export function aroundHandler(model: Linked, value: Value, span: Span): ChainLink {
  const { roles, why, evidence } = taught(model, value) ?? ofWrapper(model.program, value);
  return { value, span, via: 'around the handler', roles, why, evidence };
}

export function ofWrapper(program: Program, value: Value): Classification {
  if (value.k === 'func') return classifyWrapper(program, value);
  const path = value.k === 'api' ? program.adapters.canonical(value.path) : '';
  if (program.adapters.middleware(path)) return classify(program, value);
  return { roles: ['unknown'], why: `${path} is not known`, evidence: [] };
}
