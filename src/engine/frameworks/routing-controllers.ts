import type { Program } from '../link/program.ts';
import type { RouterObject } from '../link/router.ts';
import { startUncalled } from '../link/start-uncalled.ts';
import { type CallSite, constant, type Value } from '../link/values.ts';
import { defineAdapter } from './adapter.ts';
import { addController, classOfParam, controllersOf, type Dialect, giveSteps } from './controllers/routes.ts';
import { classHasRules } from './shared/class-rules.ts';
import { decorationsOf } from './shared/decorations.ts';
import { methodSpan } from './shared/routes.ts';
import { isFalse, propertyValue } from './shared/values.ts';

const MODULE = 'routing-controllers';

const CREATORS = ['createExpressServer', 'createKoaServer', 'useExpressServer', 'useKoaServer'];

/** Its servers check bodies with class-validator unless they are told not to. */
const DIALECT: Dialect = {
  id: MODULE,
  module: MODULE,
  controllers: ['Controller', 'JsonController'],
  middleware: ['UseBefore'],
  guards: { Authorized: 0 },
  callers: ['CurrentUser'],
  whole: {
    Req: 'express.Request',
    Res: 'express.Response',
    Ctx: 'koa.Context',
  },
  parts: {
    Body: 'validates-body',
    BodyParam: undefined,
    QueryParam: undefined,
    QueryParams: 'validates-query',
    Param: undefined,
    Params: 'validates-params',
    HeaderParam: undefined,
    HeaderParams: 'validates-headers',
    CookieParam: undefined,
    CookieParams: undefined,
    UploadedFile: undefined,
    UploadedFiles: undefined,
    Session: undefined,
    SessionParam: undefined,
    CurrentUser: undefined,
  },
  checks(program, { handler }, param) {
    const type = classOfParam(program, handler, param);
    const isOff = serversOf(program).some(({ options }) => isFalse(propertyValue(options, 'validation')));
    return type !== undefined && !isOff && classHasRules(program, type, 0);
  },
};

interface Server {
  readonly router: RouterObject;
  readonly options: Value | undefined;
}

const servers = new WeakMap<Program, Server[]>();

function serversOf(program: Program): Server[] {
  const known = servers.get(program) ?? [];
  servers.set(program, known);
  return known;
}

export const routingControllers = defineAdapter({
  id: MODULE,
  title: 'routing-controllers',
  docs: 'https://github.com/typestack/routing-controllers#readme',
  packages: [MODULE],

  calls: {
    [`${MODULE}.createExpressServer`]: (program, _callee, site) => create(program, site, 'express'),
    [`${MODULE}.createKoaServer`]: (program, _callee, site) => create(program, site, 'koa'),
    [`${MODULE}.useExpressServer`]: (program, _callee, site) => attach(program, site, site.args[0], site.args[1]),
    [`${MODULE}.useKoaServer`]: (program, _callee, site) => attach(program, site, site.args[0], site.args[1]),
  },

  router: (_program, router) => ({ k: 'router', router }),

  request: Object.fromEntries(
    (
      [
        ['Body', 'body'],
        ['BodyParam', 'body'],
        ['QueryParam', 'query'],
        ['QueryParams', 'query'],
        ['Param', 'params'],
        ['Params', 'params'],
        ['HeaderParam', 'headers'],
        ['HeaderParams', 'headers'],
        ['CookieParam', 'cookies'],
        ['CookieParams', 'cookies'],
        ['UploadedFile', 'files'],
        ['UploadedFiles', 'files'],
        ['Session', 'session'],
        ['SessionParam', 'session'],
        ['CurrentUser', 'user'],
      ] as const
    ).map(([name, part]) => [`${MODULE}.${name}`, part]),
  ),

  discover(program) {
    const classes = controllersOf(program, DIALECT);
    if (classes.length === 0) return;
    startUncalled(program, MODULE, CREATORS, f => f.k === 'id' && CREATORS.includes(f.n));
    const all = serversOf(program);
    addGlobalSteps(program, all);
    for (const cls of classes) {
      const serving = all.filter(({ options }) => {
        const listed = propertyValue(options, 'controllers');
        const isOpen = listed?.k !== 'array' || listed.open || listed.items.some(one => one.k !== 'class');
        return isOpen || listed.items.some(one => one.k === 'class' && one.cls === cls.cls);
      });
      // Of several servers that load controllers by file name nobody can tell which one loads this.
      if (serving.length === 1) addController(program, DIALECT, cls, serving[0]!.router);
      else if (serving.length > 1 || all.length === 0) addController(program, DIALECT, cls);
    }
  },
});

/** `createExpressServer(options)`: an application with the controllers in it. */
function create(program: Program, site: CallSite, framework: 'express' | 'koa'): Value {
  const app = program.newRouter(framework, site, { app: true });
  return attach(program, site, { k: 'router', router: app }, site.args[0]);
}

function attach(program: Program, site: CallSite, app: Value | undefined, options: Value | undefined): Value {
  const prefix = propertyValue(options, 'routePrefix');
  const router = program.newRouter(MODULE, site, prefix ? { prefix } : {});
  serversOf(program).push({ router, options });
  if (app?.k !== 'router') return { k: 'router', router };
  const handlers: Value[] = [{ k: 'router', router }];
  app.router.entries.push({ k: 'use', path: undefined, handlers, span: methodSpan(site), conditional: false });
  return app;
}

/** Classes marked `@Middleware({ type: 'before' })` run for every route of the servers that load them. */
function addGlobalSteps(program: Program, all: readonly Server[]): void {
  for (const unit of program.units.values()) {
    if (!unit.facts.imports.some(({ module, name }) => module === MODULE && name === 'Middleware')) continue;
    for (const cls of unit.facts.classes)
      for (const { path, args, span } of decorationsOf(program, unit.env, cls.decorators)) {
        const type = propertyValue(args[0], 'type');
        if (path !== `${MODULE}.Middleware` || type?.k !== 'const' || type.v !== 'before') continue;
        const value: Value = { k: 'class', file: unit.path, cls, env: unit.env };
        giveSteps(program, [value]);
        for (const { router } of all)
          router.entries.push({ k: 'use', path: constant('/'), handlers: [value], span, conditional: false });
      }
  }
}
