import type { MiddlewareRole } from '../link/endpoint.ts';
import type { Program } from '../link/program.ts';
import { mayBeMissing, type RouterObject } from '../link/router.ts';
import { type ApiValue, type CallSite, constant, stringOf, UNKNOWN, type Value } from '../link/values.ts';
import { defineAdapter, type RequestPart } from './adapter.ts';
import { flatValues, giveAll, isPathValue, methodSpan, pathsOf, registered } from './shared/routes.ts';

const VERBS = new Set(['get', 'post', 'put', 'patch', 'delete', 'options', 'all']);
const PARAMS = ['hono.Context', 'hono.Next'];
const AUTHENTICATES = ['authenticates'] as const;
const READS: Readonly<Record<string, RequestPart>> = {
  json: 'body',
  parseBody: 'body',
  formData: 'body',
  text: 'body',
  arrayBuffer: 'body',
  blob: 'body',
  query: 'query',
  queries: 'query',
  param: 'params',
  header: 'headers',
};

export const hono = defineAdapter({
  id: 'hono',
  title: 'Hono',
  docs: 'https://hono.dev/docs/',
  packages: ['hono', '@hono/zod-openapi'],
  order: 'ordered',
  fallsThrough: true,
  routerTypes: ['hono.Hono', '@hono/zod-openapi.OpenAPIHono'],
  handlerParams: PARAMS,
  aliases: {
    '@hono/zod-openapi.OpenAPIHono': 'hono.Hono',
    'hono/tiny.Hono': 'hono.Hono',
    'hono/quick.Hono': 'hono.Hono',
    '@hono/zod-openapi.z': 'zod',
  },

  calls: {
    'hono.Hono': (program, _callee, site) => ({ k: 'router', router: program.newRouter('hono', site, { app: true }) }),
    'hono/factory.createMiddleware': (program, _callee, site) => handlersOf(program, site)[0],
    'hono/factory.createFactory()#createMiddleware': (program, _callee, site) => handlersOf(program, site)[0],
    'hono/factory.createFactory()#createHandlers': (program, _callee, site) => ({
      k: 'array',
      items: handlersOf(program, site),
      open: false,
    }),
    'hono/factory.createFactory()#createApp': (program, _callee, site) => ({
      k: 'router',
      router: program.newRouter('hono', site, { app: true }),
    }),
  },

  router(program, router, method, site) {
    const [first, second] = site.args;
    if (method === 'use') use(program, router, site);
    else if (VERBS.has(method)) add(program, router, [method.toUpperCase()], site.args, site);
    else if (method === 'on') on(program, router, site);
    else if (method === 'openapi') openapi(program, router, site);
    else if (method === 'route' || method === 'mount') {
      const handlers = [second ?? UNKNOWN];
      router.entries.push({
        k: 'use',
        path: first,
        handlers,
        ...registered(program, router, site),
      });
    } else if (method === 'basePath') {
      const child = program.newRouter('hono', site, { prefix: first });
      const handlers: Value[] = [{ k: 'router', router: child }];
      router.entries.push({ k: 'use', path: undefined, handlers, span: methodSpan(site), conditional: false });
      return { k: 'router', router: child };
    }
    return { k: 'router', router };
  },

  request: {
    ...Object.fromEntries(
      Object.entries(READS).flatMap(([name, part]) => [
        [`hono.Context#req.${name}`, part],
        [`hono.Context#req.${name}()`, part],
      ]),
    ),
    'hono.Context#req.url': 'url',
    'hono.Context#req.path': 'url',
    'hono/cookie.getCookie': 'cookies',
    'hono/cookie.getCookie()': 'cookies',
  },

  responses: {
    'hono.Context#json': 'json',
    'hono.Context#text': 'send',
    'hono.Context#body': 'send',
    'hono.Context#html': 'html',
    'hono.Context#redirect': 'redirect',
    'hono.Context#status': 'status',
    'hono.Context#header': 'header',
  },

  middleware: {
    'hono/jwt.jwt()': AUTHENTICATES,
    'hono/jwk.jwk()': AUTHENTICATES,
    'hono/bearer-auth.bearerAuth()': AUTHENTICATES,
    'hono/basic-auth.basicAuth()': AUTHENTICATES,
    '@hono/auth-js.verifyAuth()': AUTHENTICATES,
    '@hono/auth-js.initAuthConfig()': ['neutral'],
    '@hono/clerk-auth.clerkMiddleware()': ['recognises'],
    '@hono/firebase-auth.verifyFirebaseAuth()': AUTHENTICATES,
    'hono/cors.cors()': ['cors'],
    'hono/csrf.csrf()': ['csrf'],
    'hono/logger.logger()': ['logs'],
    'hono/secure-headers.secureHeaders()': ['security-headers'],
    'hono/body-limit.bodyLimit()': ['limits-body'],
    'hono/pretty-json.prettyJSON()': ['neutral'],
    'hono/compress.compress()': ['neutral'],
    'hono/etag.etag()': ['neutral'],
    'hono/timing.timing()': ['neutral'],
    'hono/timeout.timeout()': ['neutral'],
    'hono/request-id.requestId()': ['neutral'],
    'hono/powered-by.poweredBy()': ['neutral'],
    'hono/cache.cache()': ['neutral'],
    'hono/trailing-slash.trimTrailingSlash()': ['neutral'],
    'hono/context-storage.contextStorage()': ['neutral'],
    '@hono/node-server/serve-static.serveStatic()': ['serves-files'],
    'hono/cloudflare-workers.serveStatic()': ['serves-files'],
    'hono-rate-limiter.rateLimiter()': ['limits-rate'],
    '@hono/zod-validator.zValidator()': validatorRoles,
    '@hono/valibot-validator.vValidator()': validatorRoles,
    '@hono/standard-validator.sValidator()': validatorRoles,
    'hono/validator.validator()': validatorRoles,
  },
});

/** `zValidator('json', schema)`. */
function validatorRoles({ made }: ApiValue): readonly MiddlewareRole[] {
  return [TARGETS[stringOf(made?.args[0]) ?? 'json'] ?? 'validates-body'];
}

const TARGETS: Readonly<Record<string, MiddlewareRole>> = {
  json: 'validates-body',
  form: 'validates-body',
  query: 'validates-query',
  param: 'validates-params',
  header: 'validates-headers',
  cookie: 'validates-headers',
};

function handlersOf(program: Program, site: CallSite): Value[] {
  const handlers = flatValues(site.args);
  giveAll(program, handlers, PARAMS);
  return handlers;
}

/** A path without a star covers itself alone, one with a star everything below. */
function use(program: Program, router: RouterObject, site: CallSite): void {
  const [first, ...rest] = site.args;
  const path = first !== undefined && rest.length > 0 && isPathValue(first) ? first : undefined;
  const handlers = flatValues(path ? rest : site.args);
  giveAll(program, handlers, PARAMS);
  const match = path && !stringOf(path)?.includes('*') ? 'exact' : 'prefix';
  router.entries.push({
    k: 'use',
    path,
    handlers,
    ...registered(program, router, site),
    match,
  });
}

function add(
  program: Program,
  router: RouterObject,
  methods: readonly string[],
  args: readonly Value[],
  site: CallSite,
): void {
  const [first, ...rest] = args;
  if (!first) return;
  const hasPath = isPathValue(first);
  const handlers = flatValues(hasPath ? rest : args);
  if (handlers.length === 0) return;
  giveAll(program, handlers, PARAMS);
  for (const path of hasPath ? pathsOf(first) : [constant('')]) {
    const conditional = mayBeMissing(router, program.branch);
    router.entries.push({ k: 'route', methods, path, handlers, span: methodSpan(site), conditional });
  }
}

function on(program: Program, router: RouterObject, site: CallSite): void {
  const [methods, ...rest] = site.args;
  const names = (methods?.k === 'array' ? methods.items : [methods]).map(one => stringOf(one)?.toUpperCase() ?? 'ALL');
  add(program, router, names, rest, site);
}

/** `app.openapi(createRoute({ method, path, request }), handler)`. */
function openapi(program: Program, router: RouterObject, site: CallSite): void {
  const [route, ...rest] = site.args;
  const description = route?.k === 'api' ? route.made?.args[0] : route;
  const props = description?.k === 'object' ? description.props : undefined;
  const before = props?.get('middleware');
  const handlers = flatValues([...(before ? [before] : []), ...rest]);
  giveAll(program, handlers, PARAMS);
  const request = props?.get('request');
  const span = methodSpan(site);
  const roles: MiddlewareRole[] = [];
  if (request?.k === 'object') for (const [name, role] of PARTS) if (request.props.has(name)) roles.push(role);
  const why = 'the route’s schema is enforced';
  const step = { value: request ?? UNKNOWN, roles, span, via: 'schema of the route', why, evidence: [] };
  router.entries.push({
    k: 'route',
    methods: [stringOf(props?.get('method'))?.toUpperCase() ?? 'ALL'],
    path: props?.get('path') ?? UNKNOWN,
    handlers,
    span,
    conditional: mayBeMissing(router, program.branch),
    judge: () => ({ steps: roles.length ? [step] : [] }),
  });
}

const PARTS = [
  ['body', 'validates-body'],
  ['query', 'validates-query'],
  ['params', 'validates-params'],
  ['headers', 'validates-headers'],
] as const;
