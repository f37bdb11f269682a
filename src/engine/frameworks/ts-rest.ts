import type { Program } from '../link/program.ts';
import { type ApiValue, type CallSite, UNKNOWN, type Value } from '../link/values.ts';
import { defineAdapter } from './adapter.ts';
import { withOptions } from './ts-rest/contracts.ts';
import { INPUT, mount, plugin, serveFile } from './ts-rest/serve.ts';

const CONTRACT = '@ts-rest/core.initContract()';

const contract = (_program: Program, _callee: ApiValue, { args }: CallSite): Value =>
  withOptions(args[0] ?? UNKNOWN, args[1]);
const first = (_program: Program, _callee: ApiValue, { args }: CallSite): Value | undefined => args[0];
/** What implements a contract; the contract itself is named again where it is served. */
const second = (_program: Program, _callee: ApiValue, { args }: CallSite): Value | undefined => args[1];

const served = (program: Program, _callee: ApiValue, site: CallSite): Value => {
  const [of = UNKNOWN, routes = UNKNOWN, app = UNKNOWN, options] = site.args;
  mount(program, site, of, routes, app, options);
  return UNKNOWN;
};

const file = (program: Program, _callee: ApiValue, site: CallSite): Value => {
  const [of = UNKNOWN, routes = UNKNOWN, options] = site.args;
  return serveFile(program, site, of, routes, options);
};

/** Contracts apart from their handlers: methods, paths and schemas here, functions by the same names there. */
export const tsRest = defineAdapter({
  id: 'ts-rest',
  title: 'ts-rest',
  docs: 'https://ts-rest.com/docs/core',
  packages: ['@ts-rest/core', '@ts-rest/express', '@ts-rest/fastify', '@ts-rest/next', '@ts-rest/serverless/next'],
  boots: true,
  // What handlers throw is caught, and handed to the framework around it.
  forwardsRejectionsFrom: 0,
  handlerParams: [INPUT],
  aliases: {
    [`${INPUT}#req`]: 'express.Request',
    [`${INPUT}#request`]: 'fastify.FastifyRequest',
    [`${INPUT}#res`]: 'express.Response',
    [`${INPUT}#reply`]: 'fastify.FastifyReply',
  },

  calls: {
    [`${CONTRACT}#router`]: contract,
    [`${CONTRACT}#query`]: first,
    [`${CONTRACT}#mutation`]: first,
    '@ts-rest/nest.nestControllerContract': first,
    '@ts-rest/express.initServer()#router': second,
    '@ts-rest/express.initServer()#route': second,
    '@ts-rest/fastify.initServer()#route': second,
    '@ts-rest/next.createNextRoute': second,
    '@ts-rest/serverless/next.tsr.router': second,
    '@ts-rest/express.createExpressEndpoints': served,
    '@ts-rest/fastify.initServer()#registerRouter': served,
    '@ts-rest/fastify.initServer()#plugin': (program, _callee, site) => plugin(program, site),
    '@ts-rest/next.createNextRouter': file,
    '@ts-rest/serverless/next.createNextHandler': file,
  },

  request: {
    [`${INPUT}#body`]: 'body',
    [`${INPUT}#query`]: 'query',
    [`${INPUT}#params`]: 'params',
    [`${INPUT}#headers`]: 'headers',
    [`${INPUT}#file`]: 'files',
    [`${INPUT}#files`]: 'files',
  },
});
