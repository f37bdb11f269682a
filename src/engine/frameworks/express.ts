import type { OperationReader } from '../link/operations.ts';
import type { Program } from '../link/program.ts';
import type { RouterObject } from '../link/router.ts';
import type { CallSite } from '../link/values.ts';
import { constant, stringOf, type Value } from '../link/values.ts';
import { defineAdapter } from './adapter.ts';
import { fluent } from './shared/data.ts';
import { optionOf } from './shared/options.ts';
import { flatValues, isPathValue, pathsOf, registered } from './shared/routes.ts';

const VERBS = new Set(['get', 'post', 'put', 'patch', 'delete', 'options', 'head', 'all', 'del']);
const PARAMS = ['express.Request', 'express.Response', 'express.NextFunction'];

const bodyParser: OperationReader = call => ({
  kind: 'body-parser',
  args: { limit: optionOf(call.arg(0), 'limit') },
});

const formParser: OperationReader = call => ({
  kind: 'body-parser',
  args: { limit: optionOf(call.arg(0), 'limit') },
  is: { form: true },
});

export const express = defineAdapter({
  id: 'express',
  title: 'Express',
  docs: 'https://expressjs.com/en/5x/api.html',
  packages: ['express'],
  order: 'ordered',
  fallsThrough: true,
  ignoresCase: true,
  routerTypes: [
    'express.Express',
    'express.Application',
    'express.Router',
    'express.IRouter',
    'express.core.Express',
    'express-serve-static-core.Express',
  ],
  handlerParams: PARAMS,
  // https://expressjs.com/en/guide/migrating-5.html#rejected-promises
  forwardsRejectionsFrom: 5,
  forwardedBy: ['express-async-errors', 'express-promise-router', 'express-async-router'],
  aliases: {
    'express-promise-router': 'express.Router',
    'express.express': 'express',
    'express-serve-static-core.Request': 'express.Request',
    'express-serve-static-core.Response': 'express.Response',
    'express.RequestHandler': 'express.Handler',
    'express.Request#get()': 'express.Request#headers',
    ...fluent(
      'express.Response',
      'status type contentType set header append cookie clearCookie links location vary attachment',
    ),
  },

  calls: {
    express: (program, _callee, site) => ({ k: 'router', router: program.newRouter('express', site, { app: true }) }),
    'express.Router': (program, _callee, site) => ({ k: 'router', router: program.newRouter('express', site) }),
  },

  router(program, router, method, site) {
    if (method === 'use') return use(program, router, site);
    if (method === 'route') return route(program, router, site);
    if (VERBS.has(method)) return verb(program, router, method, site);
    if (method === 'param') note(program, site.args.slice(1));
    if (method === 'listen') router.notes.set('listens', constant(true));
    if ((method === 'set' || method === 'enable') && site.args[0]?.k === 'const')
      router.notes.set(String(site.args[0].v), site.args[1] ?? constant(true));
    return { k: 'router', router };
  },

  request: {
    'express.Request#body': 'body',
    'express.Request#query': 'query',
    'express.Request#params': 'params',
    'express.Request#headers': 'headers',
    'express.Request#header': 'headers',
    'express.Request#get': 'headers',
    // Express 4: a route parameter, a field of the body or of the query.
    'express.Request#param': 'params',
    'express.Request#param()': 'query',
    'express.Request#cookies': 'cookies',
    'express.Request#signedCookies': 'cookies',
    'express.Request#file': 'files',
    'express.Request#files': 'files',
    'express.Request#url': 'url',
    'express.Request#originalUrl': 'url',
    'express.Request#path': 'url',
    'express.Request#hostname': 'headers',
    'express.Request#host': 'headers',
    'express.Request#ip': 'ip',
    'express.Request#session': 'session',
    'express.Request#user': 'user',
    'express.Request#auth': 'user',
    'express.Request#rawBody': 'raw',
  },

  responses: {
    'express.Response#status': 'status',
    'express.Response#sendStatus': 'status',
    'express.Response#writeHead': 'status',
    'express.Response#send': 'send',
    'express.Response#json': 'json',
    'express.Response#jsonp': 'json',
    'express.Response#end': 'end',
    'express.Response#redirect': 'redirect',
    'express.Response#render': 'render',
    'express.Response#sendFile': 'file',
    'express.Response#sendfile': 'file',
    'express.Response#download': 'file',
    'express.Response#set': 'header',
    'express.Response#header': 'header',
    'express.Response#setHeader': 'header',
    'express.Response#cookie': 'cookie',
  },

  middleware: {
    'express.json()': ['parses-body'],
    'express.urlencoded()': ['parses-body'],
    'express.raw()': ['parses-body'],
    'express.text()': ['parses-body'],
    'express.static()': ['serves-files'],
  },

  operations: {
    'express.Response#cookie': call => ({
      kind: 'cookie-set',
      args: { name: call.arg(0), value: call.arg(1), options: call.arg(2) },
    }),
    'express.Response#set': call => ({ kind: 'header-set', args: { name: call.arg(0), value: call.arg(1) } }),
    'express.Response#header': call => ({ kind: 'header-set', args: { name: call.arg(0), value: call.arg(1) } }),
    'express.Response#setHeader': call => ({ kind: 'header-set', args: { name: call.arg(0), value: call.arg(1) } }),
    'express.json': bodyParser,
    'express.urlencoded': formParser,
    'express.raw': bodyParser,
    'express.text': bodyParser,
    'body-parser.json': bodyParser,
    'body-parser.urlencoded': formParser,
    'body-parser.raw': bodyParser,
    'body-parser.text': bodyParser,
    '~router#set': call =>
      stringOf(call.value(0)) === 'trust proxy' ? { kind: 'proxy-trust', args: { value: call.arg(1) } } : undefined,
    '~router#enable': call => (stringOf(call.value(0)) === 'trust proxy' ? { kind: 'proxy-trust' } : undefined),
    '~router#listen': call => ({ kind: 'listen', args: { port: call.arg(0), host: call.arg(1) } }),
  },
});

function use(program: Program, router: RouterObject, site: CallSite): Value {
  const [first, ...rest] = site.args;
  const hasPath = first !== undefined && isPathValue(first) && (rest.length > 0 || first.k === 'const');
  const handlers = flatValues(hasPath ? rest : site.args);
  note(program, handlers);
  for (const path of hasPath ? pathsOf(first) : [undefined]) {
    router.entries.push({
      k: 'use',
      path,
      handlers,
      ...registered(program, router, site),
    });
  }
  return { k: 'router', router };
}

function verb(program: Program, router: RouterObject, method: string, site: CallSite): Value {
  const [path, ...handlers] = router.notes.has('route') ? [constant(''), ...site.args] : site.args;
  // `app.get('title')` reads a setting.
  if (!path || handlers.length === 0) return { k: 'unknown' };
  const flat = flatValues(handlers);
  note(program, flat);
  const methods = [method === 'del' ? 'DELETE' : method.toUpperCase()];
  for (const one of pathsOf(path)) {
    router.entries.push({
      k: 'route',
      methods,
      path: one,
      handlers: flat,
      ...registered(program, router, site),
    });
  }
  return { k: 'router', router };
}

/** `router.route('/x').all(guard).get(handler)`: a child router whose verbs take no path. */
function route(program: Program, router: RouterObject, site: CallSite): Value {
  const child = program.newRouter('express', site);
  child.notes.set('route', constant(true));
  const entry = {
    k: 'use',
    handlers: [{ k: 'router', router: child }],
    ...registered(program, router, site),
  } as const;
  for (const path of pathsOf(site.args[0] ?? constant(''))) router.entries.push({ ...entry, path });
  return { k: 'router', router: child };
}

/** Tells the program that Express calls these functions with request, response and next. */
function note(program: Program, handlers: readonly Value[]): void {
  for (const handler of handlers) {
    if (handler.k === 'api' && handler.made) note(program, handler.made.args);
    if (handler.k !== 'func') continue;
    const isErrorHandler = handler.fn.params.length === 4;
    const params = PARAMS.map(path => ({ k: 'api', path, inst: true }) as const);
    program.giveParams(handler, isErrorHandler ? [{ k: 'unknown' }, ...params] : params);
  }
}
