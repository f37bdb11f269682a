import type { Span } from '../model/span.ts';
import { mayRefuse } from './access-checks.ts';
import { isAskedByChoice } from './chosen-ways.ts';
import { type ChainLink, type Endpoint, isCalledByName } from './endpoint.ts';
import { classify } from './guards.ts';
import { keptUntilDropped } from './kept/slices.ts';
import { behindMounts, JUDGED_BY_FIELD } from './mount-guards.ts';
import { mountedRouters } from './mounts.ts';
import { covers, joinPaths, normalisePath, pathText } from './paths.ts';
import type { Program } from './program.ts';
import { proofOf } from './proof.ts';
import { fieldReason, publicReason } from './public-routes.ts';
import { commentReason, configuredReason } from './route-marks.ts';
import type { RouterEntry, RouterObject } from './router.ts';
import { DEFAULT_SETTINGS, type ModelSettings } from './settings.ts';
import { spanAt } from './spans.ts';
import {
  aroundHandler,
  atRoute,
  type Linked,
  ofWrapper,
  retaught,
  type Step,
  stepFor,
  toLink,
  without,
} from './steps.ts';
import { constant, type FuncValue, spanIn, type Value } from './values.ts';
import { validationVerdict, verdict } from './verdicts.ts';
import { layersOf } from './wrappers.ts';

interface Frame {
  readonly prefix: string;
  readonly partial: string | undefined;
  readonly steps: readonly Step[];
  readonly stack: readonly RouterObject[];
}

/** Turns the routers a program built into endpoints: one per method and path. */
export function linkEndpoints(program: Program, settings: ModelSettings = DEFAULT_SETTINGS): readonly Endpoint[] {
  const model: Linked = { program, settings };
  const mounted = mountedRouters(program.routers);
  const out = new Map<string, Endpoint>();
  const roots = new Map<string, RouterObject | undefined>();
  const add = (endpoint: Endpoint, root: RouterObject | undefined): void => {
    const { id, schema, span } = endpoint;
    const known = out.get(id);
    if (!known) {
      out.set(id, endpoint);
      roots.set(id, root);
    } else if (!sameSpan(span, known.span)) {
      // Two versions of an API may have a field of the same name each, and two applications a route.
      const apart =
        schema && known.schema && !sameSpan(schema, known.schema)
          ? schema.file
          : areTwoServers(root, roots.get(id))
            ? root?.span.file
            : undefined;
      const own = `${id} ${apart}`;
      if (apart !== undefined && !out.has(own)) out.set(own, { ...endpoint, id: own });
    }
  };
  const kept = keptRoutes(program);
  const visits = new Map<RouterEntry, number>();
  const route: AddRoute = (router, entry, frame, how) => {
    const visit = visits.get(entry) ?? 0;
    visits.set(entry, visit + 1);
    const own = kept.get(entry) ?? new Map<number, readonly Endpoint[]>();
    kept.set(entry, own);
    for (const endpoint of keptUntilDropped(program.cells, own, visit, () => endpointsOf(model, router, how, frame)))
      add(endpoint, frame.stack[0]);
  };
  for (const router of program.routers) {
    if (mounted.has(router) && !router.detached) continue;
    const partial = router.detached || !router.app ? 'where this router is mounted could not be resolved' : undefined;
    walk(model, router, { prefix: '', partial, steps: [], stack: [] }, route);
  }
  return behindMounts([...out.values()]);
}

/** Applications that were both seen to be made, each where it answers by itself. */
function areTwoServers(one: RouterObject | undefined, other: RouterObject | undefined): boolean {
  if (!one?.app || !other?.app || one === other || one.detached || other.detached) return false;
  return one.protocol === 'http' && other.protocol === 'http' && !sameSpan(one.span, other.span);
}

function sameSpan(one: Span, other: Span): boolean {
  return one.file === other.file && one.start === other.start;
}

/** Endpoints of a route's visits: routers do not change after start-up, so each walk visits it alike. */
const routes = new WeakMap<Program, Map<RouterEntry, Map<number, readonly Endpoint[]>>>();

function keptRoutes(program: Program): Map<RouterEntry, Map<number, readonly Endpoint[]>> {
  const known = routes.get(program) ?? new Map<RouterEntry, Map<number, readonly Endpoint[]>>();
  routes.set(program, known);
  return known;
}

/** Adds the endpoints of a route; `how`: of what an entry stands for, if it is no route itself. */
type AddRoute = (router: RouterObject, entry: RouterEntry, frame: Frame, how: RouterEntry & { k: 'route' }) => void;

function walk(model: Linked, router: RouterObject, frame: Frame, add: AddRoute): void {
  const { program } = model;
  if (frame.stack.includes(router)) return;
  const own = pathText(router.prefix);
  const prefix = joinPaths(frame.prefix, own.path);
  const partial = frame.partial ?? (own.complete ? undefined : 'the prefix is computed');
  const stack = [...frame.stack, router];
  const children = program.routers.filter(one => one.parent === router);
  const scoped = router.order === 'scoped';
  let steps = scoped
    ? [...frame.steps, ...router.entries.flatMap(entry => (entry.k === 'use' ? toSteps(router, entry, prefix) : []))]
    : frame.steps;
  for (const entry of router.entries) {
    if (entry.k === 'route') {
      add(router, entry, { prefix, partial, steps, stack }, entry);
      continue;
    }
    const at = pathText(entry.path);
    for (const [position, handler] of entry.handlers.entries()) {
      if (handler.k === 'router') {
        const mountPartial = partial ?? (at.complete ? undefined : 'the mount path is computed');
        // Where the mounted router is there, so is what was handed over with it.
        const before = toSteps(
          router,
          { ...entry, handlers: entry.handlers.slice(0, position), conditional: false },
          prefix,
        );
        const inherited = scoped ? steps : [...steps, ...before];
        walk(
          model,
          handler.router,
          { prefix: joinPaths(prefix, at.path), partial: mountPartial, steps: inherited, stack },
          add,
        );
      }
    }
    const mount = graphqlMount(model, entry);
    if (mount) add(router, entry, { prefix, partial, steps, stack }, mount);
    if (!scoped) steps = [...steps, ...toSteps(router, entry, prefix), ...passedSteps(program, entry, prefix, 0)];
  }
  for (const child of children) walk(model, child, { prefix, partial, steps, stack }, add);
}

/** Steps of a mounted router that requests pass which none of its routes answers, on their way to what comes after. */
function passedSteps(program: Program, entry: RouterEntry & { k: 'use' }, prefix: string, depth: number): Step[] {
  const at = joinPaths(prefix, pathText(entry.path).path);
  return entry.handlers.flatMap(handler => {
    if (handler.k !== 'router' || depth > 4 || !program.adapters.byId(handler.router.framework)?.fallsThrough)
      return [];
    const { router } = handler;
    const inner = joinPaths(at, pathText(router.prefix).path);
    return router.entries.flatMap(one =>
      one.k === 'use' ? [...toSteps(router, one, inner), ...passedSteps(program, one, inner, depth + 1)] : [],
    );
  });
}

/** `app.use('/graphql', guard, server)` is an endpoint for every method. */
function graphqlMount(
  { program }: Linked,
  entry: RouterEntry & { k: 'use' },
): (RouterEntry & { k: 'route' }) | undefined {
  const at = entry.handlers.findIndex(
    handler => handler.k === 'api' && classify(program, handler).roles.includes('serves-graphql'),
  );
  if (at === -1) return undefined;
  const handlers = entry.handlers.slice(0, at + 1);
  // A plugin brings its own path, which has a name of habit.
  const path = entry.path ?? constant(entry.stage === 'plugin' ? '/graphql' : '/');
  return { k: 'route', methods: ['ALL'], path, handlers, span: entry.span, conditional: entry.conditional };
}

const AFTERWARDS =
  /^on(?:Send|Response|Error|Timeout|RequestAbort|Route|Register|Ready|Listen|Close)$|^preSerialization$/;

function toSteps(router: RouterObject, entry: RouterEntry & { k: 'use' }, prefix: string): Step[] {
  const path = joinPaths(prefix, pathText(entry.path).path);
  const via = entry.stage ? `${entry.stage} hook` : entry.path ? `use('${pathText(entry.path).path}')` : 'use()';
  // Hooks that run after the answer, or while routes are built, stand in no request's way.
  if (entry.stage && AFTERWARDS.test(entry.stage)) return [];
  return entry.handlers
    .filter(value => value.k !== 'router')
    .map(value => ({
      value,
      span: entry.span,
      path,
      match: entry.match ?? 'prefix',
      via,
      level: router.app ? ('app' as const) : ('router' as const),
      conditional: entry.conditional,
      links: new Map(),
    }));
}

function endpointsOf(
  model: Linked,
  router: RouterObject,
  entry: RouterEntry & { k: 'route' },
  frame: Frame,
): readonly Endpoint[] {
  const { program, settings } = model;
  const text = pathText(entry.path);
  const full = normalisePath(joinPaths(frame.prefix, text.path));
  const isField = isCalledByName(router);
  const path = isField ? full.slice(1) : full;
  const partial =
    frame.partial ?? entry.partial ?? (text.complete && !path.includes('{?}') ? undefined : 'the path is computed');
  const last = entry.handlers.at(-1);
  const chain: ChainLink[] = [];
  const [method = 'ALL', ...others] = entry.methods;
  const only = others.length > 0 ? 'ALL' : method;
  for (const step of frame.steps) {
    const covered = covers(step.path, full, step.match);
    if (covered === false) continue;
    const link = toLink(model, step, covered === undefined || step.conditional);
    chain.push(step.path === '/' || router.order === 'scoped' ? atRoute(program, link, full, only) : link);
  }
  for (const value of entry.handlers.slice(0, -1)) {
    const via = 'on the route';
    chain.push(
      toLink(
        model,
        { value, span: valueSpan(value) ?? entry.span, path, match: 'prefix', via, conditional: false },
        false,
      ),
    );
  }
  const judged = entry.judge?.();
  if (judged?.lifted) chain.splice(0, chain.length, ...chain.map(link => without(link, judged.lifted!)));
  if (judged) chain.push(...judged.steps.map(step => retaught(model, step)));
  const { wrappers, handler } = layersOf(last);
  chain.push(...wrappers.map(value => aroundHandler(model, value, entry.span)));
  const serving = last?.k === 'api' && classify(program, last).roles.includes('serves-graphql');
  if (last && !handler) chain.push(...signInOf(program, last, entry.span));
  const unit = program.project.packageOf(entry.span.file)?.folder ?? '';
  return entry.methods.map(method => {
    const own = ownChecks(program, entry.branch ?? handler);
    const steps = chain.map(link => stepFor(program, link, method));
    const whole = own ? [...steps, own] : steps;
    const open =
      judged?.isPublic ??
      (serving ? JUDGED_BY_FIELD : undefined) ??
      commentReason(program, entry.span) ??
      configuredReason(settings, entry.span.file, method, path) ??
      (isField ? fieldReason(/[^.#]*$/.exec(path)![0], entry.marks) : publicReason(path, method, entry.marks)) ??
      (method === 'GET' && letsInOnPurpose(whole) ? 'callers without a credential are let in on purpose' : undefined);
    const seen = verdict(
      whole,
      'authenticates',
      partial ??
        // It is known what a library's handler does, where no function of the project is in it.
        (handler || !last || (last.k === 'api' && !classify(program, last).roles.includes('unknown'))
          ? undefined
          : 'the handler could not be resolved'),
    );
    const mayAsk =
      whole.some(link => asksForRights(link) || refusesUnseen(link)) ||
      turnsAway(program, wrappers, entry.branch ?? handler);
    const auth = seen === 'no' && !open && mayAsk ? 'unknown' : seen;
    return {
      id: `${method} ${path} ${unit}`,
      method,
      path,
      framework: router.framework,
      protocol: router.protocol,
      ...(router.protocol === 'graphql' ? { schema: router.span } : {}),
      ...(entry.plain ? { plain: entry.plain } : {}),
      unit,
      span: entry.span,
      handler,
      chain: whole,
      marks: entry.marks ?? {},
      isPublic: open,
      partial,
      auth,
      // Refusing a wrong password looks like it, but who is not known has no rights to check.
      authorization: seen === 'no' ? 'no' : verdict(whole, 'authorizes', partial),
      rateLimit: verdict(whole, 'limits-rate', partial),
      validation: validationVerdict(whole, partial),
      proof: proofOf(whole),
    };
  });
}

/** A step of the route itself looks who is calling, and none of the others asks for it. */
function letsInOnPurpose(chain: readonly ChainLink[]): boolean {
  if (chain.some(({ roles }) => roles.includes('authenticates'))) return false;
  return chain.some(({ via, roles }) => via === 'on the route' && roles.includes('recognises'));
}

/** Who is asked for rights before the handler is turned away without them, though it was not seen how they are known. */
function asksForRights({ roles, via }: ChainLink): boolean {
  return roles.includes('authorizes') && via !== 'in the handler';
}

/** A step that answers 401 or 403 for a reason that could not be followed. */
function refusesUnseen({ turnsAway = false, roles }: ChainLink): boolean {
  return turnsAway && roles.every(role => role === 'neutral');
}

/** Checks inside the handler count like a guard of their own. */
function ownChecks(program: Program, handler: FuncValue | undefined): ChainLink | undefined {
  if (!handler) return undefined;
  const known = classify(program, handler);
  const roles = known.roles.flatMap((role): ChainLink['roles'] => {
    // A token in the body of a confirmation is no sign-in.
    if (role === 'authenticates')
      return [known.readsCredential ? (isAskedByChoice(program, handler) ? 'unknown' : role) : 'verifies-token'];
    return OWN.has(role) || role.startsWith('validates') || (role === 'unknown' && known.defers) ? [role] : [];
  });
  if (roles.length === 0) return undefined;
  return {
    value: handler,
    roles,
    span: spanIn(handler.env, handler.fn.np),
    via: 'in the handler',
    why: known.why,
    evidence: known.evidence,
  };
}

const OWN = new Set<string>(['authorizes', 'verifies-signature', 'limits-rate']);

/** A ready-made guard in the place of the handler is where people sign in: nobody is behind it. */
function signInOf(program: Program, value: Value, span: Span): readonly ChainLink[] {
  const known = value.k === 'api' ? classify(program, value) : undefined;
  if (!known?.roles.includes('authenticates')) return [];
  return [{ value, span, roles: ['signs-in'], via: 'as the handler', why: known.why, evidence: known.evidence }];
}

/** Whether callers are turned away, though by nothing that could be followed to what they showed. */
function turnsAway(program: Program, wrappers: readonly Value[], handler: FuncValue | undefined): boolean {
  if (!handler) return false;
  const around = wrappers.map(value => ofWrapper(program, value));
  return [...around, classify(program, handler)].some(one => one.turnsAway) || mayRefuse(program, handler);
}

function valueSpan(value: Value): Span | undefined {
  if (value.k === 'api' && value.made) return spanAt(value.made.file, value.made.call.p);
  return undefined;
}
