import type { OperationReader } from '../link/operations.ts';
import type { Program } from '../link/program.ts';
import { mayBeMissing, type RouterObject } from '../link/router.ts';
import { spanAt } from '../link/spans.ts';
import { type CallSite, constant, stringOf, UNKNOWN, type Value } from '../link/values.ts';
import { defineAdapter } from './adapter.ts';
import { optionOf } from './shared/options.ts';
import { flatValues, giveAll, isPathValue, methodSpan, optionIs, pathsOf, registered } from './shared/routes.ts';

const VERBS = new Set(['get', 'post', 'put', 'patch', 'delete', 'del', 'options', 'head', 'all']);
const PARAMS = ['koa.Context', 'koa.Next'];
const AUTHENTICATES = ['authenticates'] as const;

const bodyParser: OperationReader = call => ({
  kind: 'body-parser',
  args: { limit: optionOf(call.arg(0), 'jsonLimit') ?? optionOf(call.arg(0), 'formLimit') },
  is: { form: true },
});

export const koa = defineAdapter({
  id: 'koa',
  title: 'Koa',
  docs: 'https://koajs.com',
  packages: ['koa', '@koa/router', 'koa-router'],
  order: 'ordered',
  routerTypes: ['@koa/router', 'koa'],
  handlerParams: PARAMS,
  aliases: {
    'koa-router': '@koa/router',
    '@koa/router.Router': '@koa/router',
    'koa.ParameterizedContext': 'koa.Context',
    '@koa/router.RouterContext': 'koa.Context',
    'koa.default': 'koa',
  },

  calls: {
    koa: (program, _callee, site) => ({ k: 'router', router: program.newRouter('koa', site, { app: true }) }),
    '@koa/router': (program, _callee, site) => {
      const [options] = site.args;
      const prefix = options?.k === 'object' ? options.props.get('prefix') : undefined;
      return { k: 'router', router: program.newRouter('koa', site, { prefix }) };
    },
    'koa-mount': (program, _callee, site) => {
      const [path, mounted] = site.args.length > 1 ? site.args : [constant('/'), site.args[0]];
      const router = program.newRouter('koa', site, { prefix: path });
      const span = spanAt(site.file, site.call.p);
      router.entries.push({ k: 'use', path: undefined, handlers: [mounted ?? UNKNOWN], span, conditional: false });
      return { k: 'router', router };
    },
    // The composition of several steps is those steps.
    'koa-compose': (_program, _callee, site) => site.args[0],
  },

  router(program, router, method, site) {
    if (method === 'use') use(program, router, site);
    else if (VERBS.has(method)) verb(program, router, method, site);
    else if (method === 'register') register(program, router, site);
    else if (method === 'prefix') router.prefix = site.args[0];
    else if (method === 'listen') router.notes.set('listens', constant(true));
    else if (method === 'allowedMethods') return { k: 'api', path: '@koa/router#allowedMethods()', inst: true };
    else if (method === 'callback') return { k: 'api', path: 'koa#callback()', inst: true };
    return { k: 'router', router };
  },

  request: {
    'koa.Context#request.body': 'body',
    'koa.Context#request.rawBody': 'raw',
    'koa.Context#request.query': 'query',
    'koa.Context#request.headers': 'headers',
    'koa.Context#request.header': 'headers',
    'koa.Context#request.files': 'files',
    'koa.Context#request.url': 'url',
    'koa.Context#request.ip': 'ip',
    'koa.Context#query': 'query',
    'koa.Context#params': 'params',
    'koa-route.Param': 'params',
    'koa.Context#headers': 'headers',
    'koa.Context#header': 'headers',
    'koa.Context#get': 'headers',
    'koa.Context#cookies': 'cookies',
    'koa.Context#session': 'session',
    'koa.Context#state.user': 'user',
    'koa.Context#state.auth': 'user',
    'koa.Context#url': 'url',
    'koa.Context#path': 'url',
    'koa.Context#ip': 'ip',
  },

  operations: {
    'koa-bodyparser': bodyParser,
    '@koa/bodyparser.bodyParser': bodyParser,
    'koa-body': bodyParser,
    'koa-body.koaBody': bodyParser,
    koa: call => {
      const value = optionOf(call.arg(0), 'proxy');
      // With a limit the addresses are counted from the end, which only proxies write.
      if (!value || optionOf(call.arg(0), 'maxIpsCount')) return undefined;
      return { kind: 'proxy-trust', args: { value }, is: { flag: true } };
    },
  },

  responses: {
    'koa.Context#redirect': 'redirect',
    'koa.Context#set': 'header',
    'koa.Context#render': 'render',
  },

  middleware: {
    '@koa/router#allowedMethods()': ['neutral'],
    'koa-jwt()': made => (optionIs(made, 'passthrough', true) ? ['recognises'] : AUTHENTICATES),
    'koa-passport.authenticate()': AUTHENTICATES,
    'koa-passport.initialize()': ['neutral'],
    'koa-passport.session()': ['session'],
    'koa-basic-auth()': AUTHENTICATES,
    'koa-bodyparser()': ['parses-body'],
    '@koa/bodyparser.bodyParser()': ['parses-body'],
    'koa-body()': ['parses-body'],
    'koa-body.koaBody()': ['parses-body'],
    '@koa/multer()': ['parses-body'],
    '@koa/cors()': ['cors'],
    'koa-helmet()': ['security-headers'],
    'koa-logger()': ['logs'],
    'koa-session()': ['session'],
    'koa-static()': ['serves-files'],
    'koa-compress()': ['neutral'],
    'koa-conditional-get()': ['neutral'],
    'koa-etag()': ['neutral'],
    'koa-favicon()': ['neutral'],
    'koa-json()': ['neutral'],
    'koa-ratelimit()': ['limits-rate'],
    'koa2-ratelimit.RateLimit.middleware()': ['limits-rate'],
    'koa-csrf()': ['csrf'],
  },
});

function use(program: Program, router: RouterObject, site: CallSite): void {
  const [first, ...rest] = site.args;
  const hasPath = first !== undefined && rest.length > 0 && isPathValue(first);
  const handlers = flatValues(hasPath ? rest : site.args);
  giveAll(program, handlers, PARAMS);
  for (const path of hasPath ? pathsOf(first) : [undefined])
    router.entries.push({
      k: 'use',
      path,
      handlers,
      ...registered(program, router, site),
    });
}

function verb(program: Program, router: RouterObject, method: string, site: CallSite): void {
  const args = [...site.args];
  // `router.get('name', '/path', handler)` names the route first.
  if (args.length > 2 && stringOf(args[0]) !== undefined && stringOf(args[1]) !== undefined) args.shift();
  const [path, ...rest] = args;
  if (!path || rest.length === 0) return;
  route(program, router, site, path, [method === 'del' ? 'DELETE' : method.toUpperCase()], rest);
}

/** `router.register('/path', ['get', 'post'], handlers)`. */
function register(program: Program, router: RouterObject, site: CallSite): void {
  const [path, verbs, handlers] = site.args;
  if (!path || verbs?.k !== 'array' || !handlers) return;
  const methods = verbs.items.flatMap(one => stringOf(one)?.toUpperCase() ?? []);
  route(program, router, site, path, methods.length > 0 && !verbs.open ? methods : ['ALL'], [handlers]);
}

function route(
  program: Program,
  router: RouterObject,
  site: CallSite,
  path: Value,
  methods: readonly string[],
  given: readonly Value[],
): void {
  const handlers: Value[] = flatValues(given);
  giveAll(program, handlers, PARAMS);
  for (const one of pathsOf(path)) {
    const conditional = mayBeMissing(router, program.branch);
    router.entries.push({ k: 'route', methods, path: one, handlers, span: methodSpan(site), conditional });
  }
}
