import type { OperationReader } from '../link/operations.ts';
import type { Program } from '../link/program.ts';
import { mayBeMissing, type RouterObject } from '../link/router.ts';
import { type CallSite, constant, stringOf, UNDEFINED, type Value } from '../link/values.ts';
import { defineAdapter } from './adapter.ts';
import { EVENT, eventHandlers, H3_ALIASES, H3_CALLS, H3_REQUEST } from './h3/events.ts';
import { giveAll, isPathValue, methodSpan } from './shared/routes.ts';

const VERBS = /^(?:get|post|put|patch|delete|head|options|all)$/;

const checked =
  (part: string): OperationReader =>
  call => ({ kind: 'validate', args: { schema: call.arg(1) }, is: { part } });
const signedIn: OperationReader = () => ({ kind: 'identity-read', is: { throws: true } });

/** Handlers of one event each; routers and applications that pass it on in order. */
export const h3 = defineAdapter({
  id: 'h3',
  title: 'h3',
  docs: 'https://h3.dev/guide/basics/routing',
  packages: ['h3', 'nitro/h3'],
  order: 'ordered',
  fallsThrough: true,
  parsesJson: true,
  forwardsRejectionsFrom: 0,
  routerTypes: ['h3.App', 'h3.Router', 'h3.H3'],
  handlerParams: [EVENT],
  aliases: { ...H3_ALIASES, 'h3.H3Event': EVENT },

  calls: {
    ...H3_CALLS,
    'h3.createApp': (program, _callee, site) => ({ k: 'router', router: program.newRouter('h3', site, { app: true }) }),
    'h3.H3': (program, _callee, site) => ({ k: 'router', router: program.newRouter('h3', site, { app: true }) }),
    'h3.createRouter': (program, _callee, site) => ({ k: 'router', router: program.newRouter('h3', site) }),
    'h3.useBase': (program, _callee, site) => based(program, site),
  },

  router(program, router, method, site) {
    if (method === 'use' || method === 'mount') use(program, router, site);
    else if (method === 'on') add(program, router, stringOf(site.args[0]) ?? 'all', site.args.slice(1), site);
    else if (VERBS.test(method)) add(program, router, method, site.args, site);
    return { k: 'router', router };
  },

  request: H3_REQUEST,

  responses: { 'h3.sendRedirect': 'redirect', 'h3.sendError': 'send', 'h3.setResponseStatus': 'status' },

  operations: {
    'h3.readValidatedBody': checked('body'),
    'h3.getValidatedQuery': checked('query'),
    'h3.getValidatedRouterParams': checked('params'),
    'h3.requireUserSession': signedIn,
  },
});

function use(program: Program, router: RouterObject, site: CallSite): void {
  const [first, ...rest] = site.args;
  const path = first && rest.length > 0 && isPathValue(first) ? first : undefined;
  const handlers = eventHandlers(path ? rest : site.args).filter(value => value.k !== 'object');
  giveAll(program, handlers, [EVENT]);
  const conditional = mayBeMissing(router, program.branch);
  router.entries.push({ k: 'use', path, handlers, span: methodSpan(site), conditional });
}

function add(program: Program, router: RouterObject, verb: string, args: readonly Value[], site: CallSite): void {
  const [path, ...rest] = args;
  const options = rest.findLast(one => one.k === 'object');
  const before = options?.k === 'object' ? options.props.get('middleware') : undefined;
  const handlers = eventHandlers([...(before ? [before] : []), ...rest.filter(one => one !== options)]);
  if (!path || handlers.length === 0) return;
  giveAll(program, handlers, [EVENT]);
  const conditional = mayBeMissing(router, program.branch);
  router.entries.push({
    k: 'route',
    methods: [verb.toUpperCase()],
    path,
    handlers,
    span: methodSpan(site),
    conditional,
  });
}

/** `useBase('/api', router.handler)`: the router below a prefix of its own. */
function based(program: Program, site: CallSite): Value {
  const [base = UNDEFINED, inner] = site.args;
  if (inner?.k !== 'router') return { k: 'unknown' };
  const router = program.newRouter('h3', site);
  const entry = { k: 'use', path: base, handlers: [inner], span: methodSpan(site), conditional: false } as const;
  router.entries.push(stringOf(base) === '' ? { ...entry, path: constant('/') } : entry);
  return { k: 'router', router };
}
