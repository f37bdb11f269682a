import type { Program } from '../../link/program.ts';
import { type ApiValue, type CallSite, UNKNOWN, type Value } from '../../link/values.ts';
import type { RequestPart } from '../adapter.ts';
import { flatValues } from '../shared/routes.ts';

export const EVENT = 'h3.EventContext';

/** Packages that pass on what h3 exports. */
const SOURCES = ['nitro/h3', 'nitro', 'nitro/cache', 'nitropack/runtime', '#imports', '#nitro'];

/** Functions that hand out a part of the request of the event they are given. */
const READS: Readonly<Record<string, RequestPart>> = {
  readBody: 'body',
  readValidatedBody: 'body',
  readFormData: 'body',
  readMultipartFormData: 'files',
  readRawBody: 'raw',
  getRequestWebStream: 'raw',
  getQuery: 'query',
  getValidatedQuery: 'query',
  getRouterParam: 'params',
  getRouterParams: 'params',
  getValidatedRouterParams: 'params',
  getHeader: 'headers',
  getHeaders: 'headers',
  getRequestHeader: 'headers',
  getRequestHeaders: 'headers',
  getCookie: 'cookies',
  parseCookies: 'cookies',
  getRequestURL: 'url',
  getRequestPath: 'url',
  getRequestHost: 'headers',
  getRequestIP: 'ip',
  getUserSession: 'session',
};

const WRAPPERS = ['eventHandler', 'defineEventHandler', 'defineHandler', 'defineMiddleware'];
const CACHED = ['cachedEventHandler', 'defineCachedEventHandler', 'defineCachedHandler'];
const LAZY = ['lazyEventHandler', 'defineLazyEventHandler'];
const OTHERS = ['createError', 'sendRedirect', 'sendError', 'setResponseStatus', 'requireUserSession', 'useSession'];
const NAMES = [...Object.keys(READS), ...WRAPPERS, ...CACHED, ...LAZY, ...OTHERS];

/** Names under which h3 is found: what other packages pass on, and what is there without an import. */
export const H3_ALIASES: Readonly<Record<string, string>> = Object.fromEntries(
  NAMES.flatMap(name => [
    ...SOURCES.map((source): [string, string] => [`${source}.${name}`, `h3.${name}`]),
    [name, `h3.${name}`] as [string, string],
  ]),
);

export const H3_REQUEST: Readonly<Record<string, RequestPart>> = {
  ...Object.fromEntries(Object.entries(READS).map(([name, part]) => [`h3.${name}()`, part])),
  'h3.useSession()#data': 'session',
  [`${EVENT}#headers`]: 'headers',
  [`${EVENT}#path`]: 'url',
  [`${EVENT}#url`]: 'url',
  [`${EVENT}#req.headers`]: 'headers',
  [`${EVENT}#req.url`]: 'url',
  [`${EVENT}#req.json()`]: 'body',
  [`${EVENT}#req.formData()`]: 'body',
  [`${EVENT}#req.text()`]: 'raw',
  [`${EVENT}#node.req.headers`]: 'headers',
  [`${EVENT}#node.req.url`]: 'url',
  [`${EVENT}#context.params`]: 'params',
  [`${EVENT}#context.user`]: 'user',
  [`${EVENT}#context.auth`]: 'user',
  [`${EVENT}#context.session`]: 'session',
};

type Call = (program: Program, callee: ApiValue, site: CallSite) => Value | undefined;

const same: Call = (_program, _callee, { args: [first] }) => (first?.k === 'func' ? first : undefined);
const lazy: Call = (program, _callee, { args: [load] }) => (load?.k === 'func' ? program.returns(load, []) : UNKNOWN);

/** What the functions around handlers give: the handler itself. */
export const H3_CALLS: Readonly<Record<string, Call>> = Object.fromEntries([
  ...[...WRAPPERS, ...CACHED].map((name): [string, Call] => [`h3.${name}`, same]),
  ...LAZY.map((name): [string, Call] => [`h3.${name}`, lazy]),
]);

/** `defineEventHandler({ onRequest: [guard], handler })` laid out: what runs first, and the handler last. */
export function eventHandlers(values: readonly Value[]): Value[] {
  return flatValues(values).flatMap(value => {
    const options = value.k === 'api' && value.path.startsWith('h3.') ? value.made?.args[0] : undefined;
    const handler = options?.k === 'object' ? options.props.get('handler') : undefined;
    if (options?.k !== 'object' || !handler) return [value];
    const before = [options.props.get('onRequest'), options.props.get('middleware')];
    return [...flatValues(before.flatMap(one => one ?? [])), handler];
  });
}
