import { pathText } from '../../link/paths.ts';
import type { Program } from '../../link/program.ts';
import { mayBeMissing, type RouterObject } from '../../link/router.ts';
import { spanAt } from '../../link/spans.ts';
import type { CallSite, Value } from '../../link/values.ts';
import type { Span } from '../../model/span.ts';
import { nextPathOf } from '../next/files.ts';
import { flatValues, giveAll, methodSpan } from '../shared/routes.ts';
import { propertyValue } from '../shared/values.ts';
import { type ContractRoute, contractSteps, routesOf } from './contracts.ts';

export const INPUT = '@ts-rest/core.Input';
const EXPRESS = ['express.Request', 'express.Response', 'express.NextFunction'];
const FASTIFY = ['fastify.FastifyRequest', 'fastify.FastifyReply'];

/** What stands before the handlers of a server, by the framework that it is mounted in. */
const STEPS: Readonly<Record<string, { readonly option: string; readonly params: readonly string[] }>> = {
  express: { option: 'globalMiddleware', params: EXPRESS },
  fastify: { option: 'hooks', params: FASTIFY },
};

/** A router of a contract's routes, where it is put into the application that serves it. */
export function mount(program: Program, site: CallSite, contract: Value, routes: Value, app: Value, options?: Value) {
  if (app.k !== 'router' || site.env.isStatic || program.isBooted) return;
  const outer = app.router;
  const { option, params } = STEPS[outer.framework] ?? STEPS['express']!;
  const router = program.newRouter('ts-rest', site);
  const shared = propertyValue(options, option);
  fill(program, router, site, routesOf(contract, routes), { params, shared: shared ? stepsOf(shared) : [] });
  const span = methodSpan(site);
  const conditional = mayBeMissing(router, program.branch);
  outer.entries.push({ k: 'use', path: undefined, handlers: [{ k: 'router', router }], span, conditional });
}

/** The same as a plugin, which brings contract and handlers with it. */
export function plugin(program: Program, site: CallSite): Value {
  const [both, options] = site.args;
  const [contract, routes] = both?.k === 'api' ? (both.made?.args ?? []) : [];
  const router = program.newRouter('ts-rest', site);
  const { option, params } = STEPS['fastify']!;
  const shared = propertyValue(options, option);
  if (contract && routes)
    fill(program, router, site, routesOf(contract, routes), { params, shared: shared ? stepsOf(shared) : [] });
  return { k: 'router', router };
}

/** A handler for a catch-all file: it serves by itself, below the folder that the file is in. */
export function serveFile(program: Program, site: CallSite, contract: Value, routes: Value, options?: Value): Value {
  const router = program.newRouter('ts-rest', site, { app: true });
  const base = propertyValue(options, 'basePath');
  // What the contract's paths begin with is said here, or by the folders above the catch-all one.
  const folder = nextPathOf(program, site.file)?.replace(/\/[:*][^/]*$/, '');
  router.prefix = base ?? (folder && !propertyValue(options, 'handlerType') ? { k: 'const', v: folder } : undefined);
  const shared = propertyValue(options, 'requestMiddleware');
  fill(program, router, site, routesOf(contract, routes), {
    params: ['next.Request'],
    shared: shared ? stepsOf(shared) : [],
  });
  return { k: 'router', router };
}

interface Server {
  readonly params: readonly string[];
  readonly shared: readonly Value[];
}

function fill(
  program: Program,
  router: RouterObject,
  site: CallSite,
  routes: readonly ContractRoute[],
  { params, shared }: Server,
): void {
  for (const { method, path, contract, implementation } of routes) {
    const own = implementation.k === 'object' ? implementation : undefined;
    const middleware = own?.props.get('middleware') ?? own?.props.get('hooks');
    const handler = own ? (own.props.get('handler') ?? { k: 'unknown' }) : implementation;
    const steps = [...shared, ...(middleware ? stepsOf(middleware) : [])];
    giveAll(program, steps, params);
    giveAll(program, [handler], [INPUT, ...params]);
    const span = spanOf(handler) ?? methodSpan(site);
    router.entries.push({
      k: 'route',
      methods: [method],
      path,
      handlers: [...steps, handler],
      span,
      conditional: mayBeMissing(router, program.branch),
      judge: () => ({ steps: contractSteps(contract, span) }),
      ...(pathText(path).complete ? {} : { partial: 'the path is computed' }),
    });
  }
}

/** A list of steps, or the steps by the stage they run at. */
function stepsOf(value: Value): Value[] {
  if (value.k === 'object') return [...value.props.values()].flatMap(stepsOf);
  return flatValues([value]);
}

function spanOf(handler: Value): Span | undefined {
  return handler.k === 'func' ? spanAt(handler.file, handler.fn.np) : undefined;
}
