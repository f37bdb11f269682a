import { mayBeMissing } from '../link/router.ts';
import { defineAdapter } from './adapter.ts';
import { addController, controllersOf, type Dialect } from './controllers/routes.ts';
import { methodSpan } from './shared/routes.ts';

const MODULE = 'tsoa';
/** Stands for the module that tsoa writes at build time. */
const ROUTES = 'tsoa/routes';

/** tsoa generates routes that check every input against its declared type. */
const DIALECT: Dialect = {
  id: MODULE,
  module: MODULE,
  controllers: ['Route'],
  middleware: ['Middlewares'],
  guards: { Security: 1 },
  open: 'NoSecurity',
  whole: { Request: 'express.Request' },
  parts: {
    Body: 'validates-body',
    BodyProp: 'validates-body',
    Query: 'validates-query',
    Queries: 'validates-query',
    Path: 'validates-params',
    Header: 'validates-headers',
    FormField: 'validates-body',
    UploadedFile: undefined,
    UploadedFiles: undefined,
  },
  path: text => text.replace(/\{(\w+)\}/g, ':$1'),
  checks: (_program, _method, { t }) => t !== undefined && !/^(?:any|unknown|object|Record)$/.test(t.n),
};

export const tsoa = defineAdapter({
  id: MODULE,
  title: 'tsoa',
  docs: 'https://tsoa-community.github.io/docs/',
  packages: [MODULE, '@tsoa/runtime'],
  aliases: { '@tsoa/runtime': MODULE },

  generated: (_specifier, name) => (name === 'RegisterRoutes' ? ROUTES : undefined),

  calls: {
    [`${ROUTES}.RegisterRoutes`](program, _callee, site) {
      const [app] = site.args;
      if (app?.k !== 'router') return undefined;
      const router = program.newRouter(MODULE, site);
      const span = methodSpan(site);
      app.router.entries.push({
        k: 'use',
        path: undefined,
        handlers: [{ k: 'router', router }],
        span,
        conditional: mayBeMissing(router, program.branch),
      });
      return app;
    },
  },

  router: (_program, router) => ({ k: 'router', router }),

  request: {
    [`${MODULE}.Body`]: 'body',
    [`${MODULE}.BodyProp`]: 'body',
    [`${MODULE}.FormField`]: 'body',
    [`${MODULE}.Query`]: 'query',
    [`${MODULE}.Queries`]: 'query',
    [`${MODULE}.Path`]: 'params',
    [`${MODULE}.Header`]: 'headers',
    [`${MODULE}.UploadedFile`]: 'files',
    [`${MODULE}.UploadedFiles`]: 'files',
  },

  discover(program) {
    const classes = controllersOf(program, DIALECT);
    const mounted = program.routers.filter(({ framework }) => framework === MODULE);
    for (const cls of classes) {
      const [router, ...others] = mounted;
      addController(program, DIALECT, cls, others.length > 0 ? undefined : router);
    }
  },
});
