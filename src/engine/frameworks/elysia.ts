import type { MiddlewareRole } from '../link/endpoint.ts';
import type { OperationReader } from '../link/operations.ts';
import type { Program } from '../link/program.ts';
import { mayBeMissing, type RouterEntry, type RouterObject, type RouteVerdict } from '../link/router.ts';
import { spanAt } from '../link/spans.ts';
import { type CallSite, constant, type ObjectValue, stringOf, UNKNOWN, type Value } from '../link/values.ts';
import { defineAdapter } from './adapter.ts';
import { flatValues, giveAll, methodSpan, registered } from './shared/routes.ts';
import { propertyValue } from './shared/values.ts';

const VERBS = new Set(['get', 'post', 'put', 'patch', 'delete', 'options', 'head', 'all']);
const PARAMS = ['elysia.Context'];
/** Hooks that run before the handler and may answer in its place. */
const HOOKS = new Set(['onBeforeHandle', 'onRequest', 'derive', 'resolve', 'onTransform', 'onParse']);
const LOCAL_HOOKS = ['beforeHandle', 'transform', 'resolve', 'derive'];
const SCHEMAS: Readonly<Record<string, MiddlewareRole>> = {
  body: 'validates-body',
  query: 'validates-query',
  params: 'validates-params',
  headers: 'validates-headers',
};
/** Options that neither guard nor check; any other name is a macro of the project, which may do anything. */
const PLAIN =
  /^(?:cookie|response|detail|tags|type|parse|error|afterHandle|mapResponse|afterResponse|config|as|schema|standalone)$/;
/** How far a hook reaches: the own instance, the one that uses it, or all of them. */
const LIFTED = new Set(['global', 'scoped', 'plugin']);

const verify: OperationReader = call => ({ kind: 'jwt-verify', args: { token: call.arg(0) } });

export const elysia = defineAdapter({
  id: 'elysia',
  title: 'Elysia',
  docs: 'https://elysiajs.com/essential/route.html',
  packages: ['elysia'],
  order: 'ordered',
  routerTypes: ['elysia.Elysia'],
  handlerParams: PARAMS,
  // The class is the default export, too.
  calls: { elysia: create, 'elysia.Elysia': create },

  router(program, router, method, site) {
    const [first, second, third] = site.args;
    if (VERBS.has(method)) addRoute(program, router, method.toUpperCase(), site, site.args);
    else if (method === 'route')
      addRoute(program, router, stringOf(first)?.toUpperCase() ?? 'ALL', site, site.args.slice(1));
    else if (HOOKS.has(method)) addHook(program, router, site);
    else if (method === 'use') for (const plugin of flatValues(site.args)) addPlugin(program, router, plugin, site);
    else if (method === 'mount') addSteps(program, router, site, [second ?? first ?? UNKNOWN], second && first);
    else if (method === 'group') {
      const [options, body] = third ? [second, third] : [undefined, second];
      nest(program, router, site, first, options, body);
    } else if (method === 'guard') {
      if (second?.k === 'func' || first?.k === 'func')
        nest(program, router, site, undefined, second ? first : undefined, second ?? first);
      else
        for (const step of stepsOf(program, first)) addSteps(program, router, site, [step], undefined, scopeOf(first));
    } else if (method === 'as')
      router.entries.splice(0, router.entries.length, ...router.entries.map(entry => lifted(entry, stringOf(first))));
    return { k: 'router', router };
  },

  request: {
    'elysia.Context#body': 'body',
    'elysia.Context#query': 'query',
    'elysia.Context#params': 'params',
    'elysia.Context#headers': 'headers',
    'elysia.Context#cookie': 'cookies',
    'elysia.Context#path': 'url',
    'elysia.Context#request.url': 'url',
    'elysia.Context#request.headers': 'headers',
    'elysia.Context#bearer': 'headers',
  },

  responses: {
    'elysia.Context#error': 'status',
    'elysia.Context#status': 'status',
    'elysia.Context#redirect': 'redirect',
  },

  operations: { 'elysia.Context#jwt.verify': verify },

  middleware: {
    '@elysiajs/cors.cors()': ['cors'],
    '@elysiajs/swagger.swagger()': ['neutral'],
    '@elysiajs/openapi.openapi()': ['neutral'],
    '@elysiajs/jwt.jwt()': ['neutral'],
    '@elysiajs/bearer.bearer()': ['neutral'],
    '@elysiajs/html.html()': ['neutral'],
    '@elysiajs/cron.cron()': ['neutral'],
    '@elysiajs/server-timing.serverTiming()': ['neutral'],
    '@elysiajs/opentelemetry.opentelemetry()': ['traces'],
    '@elysiajs/static.staticPlugin()': ['serves-files'],
    'elysia-helmet.helmet()': ['security-headers'],
    'elysia-rate-limit.rateLimit()': ['limits-rate'],
  },
});

function create(program: Program, _callee: Value, site: CallSite): Value {
  const prefix = propertyValue(site.args[0], 'prefix');
  return { k: 'router', router: program.newRouter('elysia', site, { app: true, ...(prefix ? { prefix } : {}) }) };
}

function addRoute(
  program: Program,
  router: RouterObject,
  verb: string,
  site: CallSite,
  [path, handler, options]: readonly Value[],
): void {
  if (!path || !handler) return;
  const before = stepsOf(program, options);
  giveAll(program, [handler], PARAMS);
  const schema = options?.k === 'object' ? options : undefined;
  router.entries.push({
    k: 'route',
    methods: [verb],
    path,
    handlers: [...before, handler],
    ...registered(program, router, site),
    ...(schema ? { judge: () => schemaSteps(schema, site) } : {}),
  });
}

/** What the options of a route or a guard run before the handler. */
function stepsOf(program: Program, options: Value | undefined): Value[] {
  if (options?.k !== 'object') return options ? [UNKNOWN] : [];
  const steps = LOCAL_HOOKS.flatMap(name => flatValues(options.props.has(name) ? [options.props.get(name)!] : []));
  giveAll(program, steps, PARAMS);
  for (const [name, value] of options.props) {
    const isKnown = PLAIN.test(name) || name in SCHEMAS || LOCAL_HOOKS.includes(name);
    if (!isKnown && !(value.k === 'const' && value.v === false)) steps.push(UNKNOWN);
  }
  return options.open ? [...steps, UNKNOWN] : steps;
}

function schemaSteps({ props }: ObjectValue, { file, call }: CallSite): RouteVerdict {
  const span = spanAt(file, call.p);
  const why = 'the route’s schema is enforced';
  const steps = Object.entries(SCHEMAS).flatMap(([name, role]) => {
    const value = props.get(name);
    return value ? [{ value, roles: [role], span, via: 'schema of the route', why, evidence: [] }] : [];
  });
  return { steps };
}

function addSteps(
  program: Program,
  router: RouterObject,
  site: CallSite,
  handlers: readonly Value[],
  path: Value | undefined,
  scope?: string,
): void {
  router.entries.push({
    k: 'use',
    path,
    handlers,
    ...registered(program, router, site),
    ...(scope ? { stage: scope } : {}),
  });
}

/** `onBeforeHandle(fn)`, or with its reach in front: `onBeforeHandle({ as: 'scoped' }, fn)`. */
function addHook(program: Program, router: RouterObject, site: CallSite): void {
  const [first] = site.args;
  const options = site.args.length > 1 && first?.k === 'object' ? first : undefined;
  const handlers = flatValues(options ? site.args.slice(1) : site.args);
  giveAll(program, handlers, PARAMS);
  addSteps(program, router, site, handlers, undefined, scopeOf(options) ?? defaultScope(program, site));
}

/** Before version 1 every hook reached all instances that were joined with its own. */
function defaultScope({ project }: Program, { file }: CallSite): string | undefined {
  return /^\D*0\./.test(project.versionOf(file, 'elysia') ?? '') ? 'global' : undefined;
}

function scopeOf(options: Value | undefined): string | undefined {
  const scope = stringOf(propertyValue(options, 'as'));
  return scope && LIFTED.has(scope) ? scope : undefined;
}

/** Hooks of a plugin hold for its own routes, unless they are made to reach further. */
function addPlugin(program: Program, router: RouterObject, plugin: Value, site: CallSite): void {
  if (plugin.k === 'func') {
    program.callFunction(plugin, [{ k: 'router', router }], site.env);
    return;
  }
  addSteps(program, router, site, [plugin], undefined);
  if (plugin.k !== 'router') return;
  for (const entry of plugin.router.entries) {
    if (entry.k !== 'use' || !entry.stage) continue;
    const { stage, ...rest } = entry;
    router.entries.push(stage === 'global' ? entry : rest);
  }
}

/** `.as('scoped')` lifts every hook so far by one instance. */
function lifted(entry: RouterEntry, scope: string | undefined): RouterEntry {
  return entry.k === 'use' && scope && LIFTED.has(scope) ? { ...entry, stage: scope } : entry;
}

/** A group or a guarded block: an instance of its own, which the callback fills. */
function nest(
  program: Program,
  router: RouterObject,
  site: CallSite,
  prefix: Value | undefined,
  options: Value | undefined,
  body: Value | undefined,
): void {
  const child = program.newRouter('elysia', site, prefix ? { prefix } : {});
  const span = methodSpan(site);
  for (const step of stepsOf(program, options)) addSteps(program, child, site, [step], undefined);
  const handlers: Value[] = [{ k: 'router', router: child }];
  router.entries.push({ k: 'use', path: undefined, handlers, span, conditional: mayBeMissing(router, program.branch) });
  if (body?.k === 'func') program.callFunction(body, [{ k: 'router', router: child }], site.env);
  else addSteps(program, child, site, [body ?? UNKNOWN], constant('/'));
}
