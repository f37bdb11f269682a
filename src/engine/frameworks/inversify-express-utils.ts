import type { Program } from '../link/program.ts';
import type { RouterObject } from '../link/router.ts';
import { startUncalled } from '../link/start-uncalled.ts';
import type { CallSite, ClassValue, Value } from '../link/values.ts';
import { defineAdapter } from './adapter.ts';
import { addController, controllersOf, type Dialect } from './controllers/routes.ts';
import { boundServices, stepFor } from './inversify-express-utils/bindings.ts';
import { methodSpan } from './shared/routes.ts';
import { propertyValue } from './shared/values.ts';

const MODULE = 'inversify-express-utils';
const SERVER = 'InversifyExpressServer';
/** Where a server keeps the application it builds. */
const APP = 'application';

const DIALECT: Dialect = {
  id: MODULE,
  module: MODULE,
  controllers: ['controller'],
  verbs: {
    httpGet: 'GET',
    httpPost: 'POST',
    httpPut: 'PUT',
    httpPatch: 'PATCH',
    httpDelete: 'DELETE',
    httpHead: 'HEAD',
    httpOptions: 'OPTIONS',
    all: 'ALL',
    httpMethod: '',
  },
  middleware: ['withMiddleware'],
  guards: {},
  positional: ['express.Request', 'express.Response', 'express.NextFunction'],
  whole: {
    request: 'express.Request',
    req: 'express.Request',
    response: 'express.Response',
    res: 'express.Response',
    next: 'express.NextFunction',
  },
  parts: {
    requestBody: undefined,
    queryParam: undefined,
    requestParam: undefined,
    requestHeaders: undefined,
    cookies: undefined,
    principal: undefined,
  },
  checks: () => false,
};

export const inversifyExpressUtils = defineAdapter({
  id: MODULE,
  title: 'inversify-express-utils',
  docs: 'https://github.com/inversify/inversify-express-utils#readme',
  packages: [MODULE],

  calls: { [`${MODULE}.${SERVER}`]: create },

  router(program, router, method, site) {
    const app = router.notes.get(APP);
    const [first] = site.args;
    if (app?.k !== 'router') return { k: 'router', router };
    if (method === 'setConfig' && first?.k === 'func') program.callFunction(first, [app], site.env);
    if (method !== 'build') return { k: 'router', router };
    const handlers: Value[] = [{ k: 'router', router }];
    app.router.entries.push({ k: 'use', path: undefined, handlers, span: methodSpan(site), conditional: false });
    return app;
  },

  request: {
    [`${MODULE}.requestBody`]: 'body',
    [`${MODULE}.queryParam`]: 'query',
    [`${MODULE}.requestParam`]: 'params',
    [`${MODULE}.requestHeaders`]: 'headers',
    [`${MODULE}.cookies`]: 'cookies',
    [`${MODULE}.principal`]: 'user',
  },

  discover(program) {
    const classes = controllersOf(program, DIALECT);
    if (classes.length === 0) return;
    startUncalled(program, MODULE, [SERVER], f => f.k === 'id' && f.n === SERVER);
    const bindings = boundServices(program);
    const dialect: Dialect = { ...DIALECT, step: (_program, value) => stepFor(program, bindings, value) };
    const servers = program.routers.filter(({ notes }) => notes.has(APP));
    for (const cls of classes) addController(program, dialect, cls, serverOf(program, servers, cls));
  },
});

/** `new InversifyExpressServer(container, router, { rootPath }, app)`: routes come from classes that are found later. */
function create(program: Program, _callee: Value, site: CallSite): Value {
  const [, , config, given] = site.args;
  const prefix = propertyValue(config, 'rootPath');
  const router = program.newRouter(MODULE, site, prefix ? { prefix } : {});
  const app: Value =
    given?.k === 'router' ? given : { k: 'router', router: program.newRouter('express', site, { app: true }) };
  router.notes.set(APP, app);
  return { k: 'router', router };
}

/** Controllers register themselves by being loaded: those of a package belong to its server. */
function serverOf(
  { project }: Program,
  servers: readonly RouterObject[],
  { file }: ClassValue,
): RouterObject | undefined {
  const folder = project.packageOf(file)?.folder;
  const near = servers.filter(({ span }) => project.packageOf(span.file)?.folder === folder);
  const [only, more] = near.length > 0 ? near : servers;
  return more ? undefined : only;
}
