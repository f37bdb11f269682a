import type { ChainLink, MiddlewareRole } from '../link/endpoint.ts';
import { addedTo, addTo } from '../link/env.ts';
import type { Program } from '../link/program.ts';
import type { RouterObject, RouteVerdict } from '../link/router.ts';
import {
  type ApiValue,
  alternatives,
  type CallSite,
  constant,
  type FuncValue,
  stringOf,
  union,
  type Value,
} from '../link/values.ts';
import type { Span } from '../model/span.ts';
import { defineAdapter } from './adapter.ts';
import { autoload, SHARED } from './fastify/autoload.ts';
import { startPlugins } from './fastify/command-line.ts';
import { limiterRoles, limitOf } from './fastify/limits.ts';
import { fluent } from './shared/data.ts';
import { optionOf } from './shared/options.ts';
import { methodSpan, registered } from './shared/routes.ts';

const VERBS = new Set(['get', 'post', 'put', 'patch', 'delete', 'options', 'head', 'all']);
const PARAMS = ['fastify.FastifyRequest', 'fastify.FastifyReply'];
/** Hooks that run before the handler, in the order of the request's life cycle. */
const STAGES = ['onRequest', 'preParsing', 'preValidation', 'preHandler'];

export const fastify = defineAdapter({
  id: 'fastify',
  title: 'Fastify',
  docs: 'https://fastify.dev/docs/latest/Reference/',
  packages: ['fastify'],
  order: 'scoped',
  parsesJson: true,
  routerTypes: ['fastify.FastifyInstance'],
  handlerParams: PARAMS,
  aliases: {
    'fastify.fastify': 'fastify',
    'fastify.Fastify': 'fastify',
    'fastify-plugin.fastifyPlugin': 'fastify-plugin',
    ...fluent('fastify.FastifyReply', 'code status type header headers setCookie cookie clearCookie'),
  },

  calls: {
    fastify: (program, _callee, site) => {
      const router = program.newRouter('fastify', site, { app: true, order: 'scoped' });
      if (site.args[0]) router.notes.set('options', site.args[0]);
      return { k: 'router', router };
    },
    // A wrapped plugin shares its parent's scope; the mark is read when it is registered.
    'fastify-plugin': (_program, _callee, site) => {
      const [plugin] = site.args;
      if (plugin?.k !== 'func') return undefined;
      addTo(plugin, SHARED, constant(true));
      return plugin;
    },
  },

  router(program, router, method, site) {
    const self: Value = { k: 'router', router };
    if (VERBS.has(method)) return verb(program, router, method, site);
    if (method === 'route') return route(program, router, site);
    if (method === 'register') return register(program, router, site);
    if (method === 'addHook') return hook(program, router, site);
    if (method === 'decorate')
      router.notes.set(`.${stringOf(site.args[0]) ?? '?'}`, site.args[1] ?? constant(undefined));
    // What plugins of packages decorate the server with: steps that are made for one route.
    if (method === 'rateLimit' || method === 'auth')
      return { k: 'api', path: `~router#${method}()`, inst: true, made: site };
    if (method === 'listen') router.notes.set('listens', constant(true));
    if (method === 'after' || method === 'ready') program.runCallbacks(site.env, site.args);
    return self;
  },

  discover: startPlugins,

  request: {
    'fastify.FastifyRequest#body': 'body',
    'fastify.FastifyRequest#query': 'query',
    'fastify.FastifyRequest#params': 'params',
    'fastify.FastifyRequest#headers': 'headers',
    'fastify.FastifyRequest#cookies': 'cookies',
    'fastify.FastifyRequest#url': 'url',
    'fastify.FastifyRequest#originalUrl': 'url',
    'fastify.FastifyRequest#hostname': 'headers',
    'fastify.FastifyRequest#ip': 'ip',
    'fastify.FastifyRequest#session': 'session',
    'fastify.FastifyRequest#user': 'user',
    'fastify.FastifyRequest#rawBody': 'raw',
    'fastify.FastifyRequest#file': 'files',
    'fastify.FastifyRequest#parts': 'files',
  },

  responses: {
    'fastify.FastifyReply#code': 'status',
    'fastify.FastifyReply#status': 'status',
    'fastify.FastifyReply#send': 'send',
    'fastify.FastifyReply#redirect': 'redirect',
    'fastify.FastifyReply#view': 'render',
    'fastify.FastifyReply#sendFile': 'file',
    'fastify.FastifyReply#header': 'header',
    'fastify.FastifyReply#setCookie': 'cookie',
    'fastify.FastifyReply#cookie': 'cookie',
  },

  middleware: {
    '@fastify/rate-limit': limiterRoles,
    'fastify-rate-limit': limiterRoles,
    '~router#rateLimit()': ['limits-rate'],
  },

  operations: {
    fastify: call => {
      const value = optionOf(call.arg(0), 'trustProxy');
      const limit = optionOf(call.arg(0), 'bodyLimit');
      return [
        ...(value ? [{ kind: 'proxy-trust', args: { value } } as const] : []),
        ...(limit ? [{ kind: 'body-parser', args: { limit }, is: { whole: true } } as const] : []),
      ];
    },
    'fastify.FastifyReply#setCookie': call => ({
      kind: 'cookie-set',
      args: { name: call.arg(0), value: call.arg(1), options: call.arg(2) },
    }),
    'fastify.FastifyReply#cookie': call => ({
      kind: 'cookie-set',
      args: { name: call.arg(0), value: call.arg(1), options: call.arg(2) },
    }),
    'fastify.FastifyReply#header': call => ({ kind: 'header-set', args: { name: call.arg(0), value: call.arg(1) } }),
  },
});

function verb(program: Program, router: RouterObject, method: string, site: CallSite): Value {
  const [path, second, third] = site.args;
  if (!path || !second) return { k: 'router', router };
  const options = third ? second : undefined;
  addRoute(program, router, [method === 'all' ? 'ALL' : method.toUpperCase()], path, options, third ?? second, site);
  return { k: 'router', router };
}

function route(program: Program, router: RouterObject, site: CallSite): Value {
  const [options] = site.args;
  if (options?.k === 'object') {
    const method = options.props.get('method');
    const methods = method?.k === 'array' ? method.items.map(stringOf) : [stringOf(method)];
    const path = options.props.get('url') ?? options.props.get('path') ?? { k: 'unknown' };
    addRoute(
      program,
      router,
      methods.map(one => one?.toUpperCase() ?? 'ALL'),
      path,
      options,
      options.props.get('handler') ?? { k: 'unknown' },
      site,
    );
  } else {
    addRoute(program, router, ['ALL'], { k: 'unknown' }, undefined, { k: 'unknown' }, site);
  }
  return { k: 'router', router };
}

function addRoute(
  program: Program,
  router: RouterObject,
  methods: readonly string[],
  path: Value,
  options: Value | undefined,
  handler: Value,
  site: CallSite,
): void {
  const guards = options?.k === 'object' ? STAGES.flatMap(stage => hooksOf(options.props.get(stage))) : [];
  const open: readonly Value[] = options && (options.k !== 'object' || options.open) ? [{ k: 'unknown' }] : [];
  const handlers = [...open, ...guards, handler];
  note(program, handlers);
  router.entries.push({
    k: 'route',
    methods,
    path,
    handlers,
    ...registered(program, router, site),
    ...(options ? { options, judge: () => judge(router, options, methodSpan(site)) } : {}),
  });
}

function judge(router: RouterObject, options: Value, span: Span): RouteVerdict {
  const limit = limitOf(router, options, span);
  return { ...limit, steps: [...limit.steps, ...schemaSteps(options, span)] };
}

/** A route's JSON schemas are enforced before the handler runs; one that cannot be seen may check anything. */
function schemaSteps(options: Value, span: Span): ChainLink[] {
  const schema = options.k === 'object' ? options.props.get('schema') : undefined;
  if (!schema || (schema.k === 'const' && schema.v == null)) return [];
  const roles: MiddlewareRole[] = [];
  if (schema.k === 'object') {
    for (const [name, role] of SCHEMA_PARTS) if (schema.props.has(name)) roles.push(role);
  } else roles.push('validates-body', 'validates-query', 'validates-params');
  return roles.length
    ? [{ value: schema, roles, span, via: 'schema of the route', why: 'its JSON schema is enforced', evidence: [] }]
    : [];
}

const SCHEMA_PARTS = [
  ['body', 'validates-body'],
  ['querystring', 'validates-query'],
  ['query', 'validates-query'],
  ['params', 'validates-params'],
  ['headers', 'validates-headers'],
] as const;

/**
 * A plugin runs in a child scope with its own prefix. Wrapped by fastify-plugin it runs in the scope that registers it,
 * and the prefix is ignored.
 */
function register(program: Program, router: RouterObject, site: CallSite): Value {
  const [plugin, options] = site.args;
  const prefix = options?.k === 'object' ? options.props.get('prefix') : undefined;
  const self: Value = { k: 'router', router };
  if (plugin?.k === 'func') {
    registerPlugin(program, router, plugin, prefix, options ?? constant(undefined), site);
  } else if (plugin?.k === 'api' && AUTOLOAD.test(plugin.path) && loadFolder(program, router, site)) {
    return self;
  } else if (plugin) {
    // A plugin from a package may add hooks, decorators or routes: keep it with its options.
    router.entries.push({
      k: 'use',
      path: plugin.k === 'router' ? prefix : undefined,
      // What these cover or serve is in their options.
      handlers: [plugin.k === 'api' && TELLING.test(plugin.path) ? { ...plugin, made: site } : plugin],
      ...registered(program, router, site),
      stage: 'plugin',
    });
    if (plugin.k === 'api') addUnseen(program, router, plugin, stringOf(prefix), site);
  }
  return self;
}

/** A package's plugin that is given a prefix brings routes below it. */
function addUnseen(
  program: Program,
  router: RouterObject,
  { path }: ApiValue,
  prefix: string | undefined,
  site: CallSite,
): void {
  const name = program.adapters.canonical(path);
  if (!prefix || prefix === '/' || program.adapters.middleware(name)) return;
  router.entries.push({
    k: 'route',
    methods: ['ALL'],
    path: constant(`${prefix.replace(/\/$/, '')}/*`),
    handlers: [],
    ...registered(program, router, site),
    partial: `the routes that ${name.replace(/\(\)/g, '')} adds are not known`,
  });
}

const TELLING = /^(?:@fastify\/rate-limit|fastify-rate-limit|trpc(?:-to)?-openapi\.fastifyTRPCOpenApiPlugin)$/;
const AUTOLOAD = /^(?:@fastify\/autoload|fastify-autoload)$/;

function loadFolder(program: Program, router: RouterObject, site: CallSite): boolean {
  const [, options] = site.args;
  const encapsulate = options?.k === 'object' ? options.props.get('encapsulate') : undefined;
  const sharesScope = encapsulate?.k === 'const' && encapsulate.v === false;
  return autoload(program, router, site, (scope, plugin, prefix) => {
    if (plugin.k !== 'func') return scope;
    if (sharesScope) addTo(plugin, SHARED, constant(true));
    return registerPlugin(program, scope, plugin, prefix ? constant(prefix) : undefined, constant(undefined), site);
  });
}

function registerPlugin(
  program: Program,
  router: RouterObject,
  plugin: FuncValue,
  prefix: Value | undefined,
  options: Value,
  site: CallSite,
): RouterObject {
  const shared = addedTo(plugin, SHARED) !== undefined;
  const child = shared ? router : program.newRouter('fastify', site, { order: 'scoped', parent: router, prefix });
  program.callFunction(plugin, [{ k: 'router', router: child }, options], site.env);
  return child;
}

function hook(program: Program, router: RouterObject, site: CallSite): Value {
  const stage = stringOf(site.args[0]);
  const handlers = site.args.slice(1).flatMap(hooksOf);
  note(program, handlers);
  router.entries.push({
    k: 'use',
    path: undefined,
    handlers,
    ...registered(program, router, site),
    stage: stage ?? 'unknown',
  });
  return { k: 'router', router };
}

function hooksOf(value: Value | undefined): readonly Value[] {
  if (!value || (value.k === 'const' && value.v === undefined)) return [];
  if (value.k === 'api' && value.path === '~router#auth()') return anyOf(value);
  return value.k === 'array' ? value.items.flatMap(hooksOf) : [value];
}

/** `@fastify/auth`: one of the functions has to let the request pass, or all of them. */
function anyOf(value: ApiValue): readonly Value[] {
  const [functions, options] = value.made?.args ?? [];
  if (functions?.k !== 'array' || functions.open) return [value];
  const relation = options?.k === 'object' ? stringOf(options.props.get('relation')) : undefined;
  return relation === 'and' ? functions.items.flatMap(hooksOf) : [union(functions.items)];
}

function note(program: Program, handlers: readonly Value[]): void {
  for (const handler of handlers.flatMap(alternatives)) {
    if (handler.k === 'func')
      program.giveParams(
        handler,
        PARAMS.map(path => ({ k: 'api', path, inst: true }) as const),
      );
  }
}
