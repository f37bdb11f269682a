import { callsIn } from '../link/call-index.ts';
import { evaluate } from '../link/evaluate.ts';
import { pathBranches } from '../link/path-switch.ts';
import type { Program } from '../link/program.ts';
import { createRouter, type RouterObject } from '../link/router.ts';
import { staticEnvOf } from '../link/signals.ts';
import { api, constant, type FuncValue, spanIn } from '../link/values.ts';
import { functionsIn, type WorkerEntry, workerEntries } from '../link/worker-entries.ts';
import type { Span } from '../model/span.ts';
import { defineAdapter } from './adapter.ts';
import { libraryCalls } from './shared/library-calls.ts';

const FETCH = ['fetch.Request', 'fetch.Env', 'fetch.ExecutionContext'];
const NODE = ['node:http.IncomingMessage', 'node:http.ServerResponse'];
const SERVERS = /^node:https?\.createServer$|^node:http2\.create(?:Secure)?Server$/;

/** Functions that answer every request of a server or a worker and look at its path themselves. */
export const fetchHandlers = defineAdapter({
  id: 'fetch-handlers',
  title: 'Plain request handlers',
  docs: 'https://nodejs.org/api/http.html#httpcreateserveroptions-requestlistener',
  packages: ['wrangler', '@cloudflare/workers-types'],
  request: {
    'fetch.Request#headers': 'headers',
    'fetch.Request#url': 'url',
    'fetch.Request#json()': 'body',
    'fetch.Request#text()': 'body',
    'fetch.Request#formData()': 'body',
    'node:http.IncomingMessage#headers': 'headers',
    'node:http.IncomingMessage#url': 'url',
  },
  responses: {
    'node:http.ServerResponse#writeHead': 'status',
    'node:http.ServerResponse#end': 'end',
    'node:http.ServerResponse#write': 'send',
  },
  discover(program) {
    const names = new Set(['createServer', 'createSecureServer']);
    const isServer = (path: string): boolean => SERVERS.test(path);
    for (const { call, env, span } of libraryCalls(program, /^(?:node:)?https?2?$/, names, isServer))
      for (const arg of call.a)
        for (const func of functionsIn(evaluate(program, env, arg))) addHandler(program, 'node-http', func, span, NODE);
    for (const { func, span, mount, methods, partial } of workerEntries(program))
      addHandler(program, 'worker', func, span, FETCH, {
        mount,
        methods,
        ...(partial === undefined ? {} : { partial }),
      });
  },
});

function addHandler(
  program: Program,
  framework: string,
  func: FuncValue,
  span: Span,
  types: readonly string[],
  file: Pick<WorkerEntry, 'mount' | 'methods' | 'partial'> = { mount: undefined, methods: ['ALL'] },
): void {
  const { mount, methods, partial } = file;
  const params = types.map(path => api(path, true));
  program.giveParams(func, params);
  program.cells.read(func.fn);
  const env = staticEnvOf(program, func);
  const branches = pathBranches(program, func, env);
  if (branches.length === 0 && handsOn(program, func)) return;
  const router = createRouter(framework, span, { app: true, order: 'scoped' });
  program.routers.push(router);
  for (const { method, path, at, func: branch } of branches) {
    program.giveParams(branch, params);
    add(router, [method], path, func, spanIn(env, at.p), { branch });
  }
  if (mount !== undefined) add(router, methods, mount, func, span, partial === undefined ? {} : { partial });
  else if (branches.length === 0)
    add(router, ['ALL'], '/*', func, span, { partial: 'no condition on a path could be followed' });
}

function add(
  router: RouterObject,
  methods: readonly string[],
  path: string,
  func: FuncValue,
  span: Span,
  more: { readonly branch?: FuncValue; readonly partial?: string },
): void {
  router.entries.push({
    k: 'route',
    methods,
    path: constant(path),
    handlers: [func],
    span,
    conditional: false,
    ...more,
  });
}

/** Whether a framework's router answers in the end: `app.fetch(request)`, `handle(request, response)`. */
function handsOn(program: Program, func: FuncValue): boolean {
  const env = staticEnvOf(program, func);
  const [param] = func.fn.params;
  const request = param?.pat.k === 'pid' ? param.pat.n : undefined;
  return callsIn(func.fn).some(({ call }) => {
    const given = call.a.some(arg => arg.k === 'id' && arg.n === request);
    if (!given) return false;
    const owner = call.f.k === 'mem' ? evaluate(program, env, call.f.o) : evaluate(program, env, call.f);
    return owner.k === 'router' || owner.k === 'api' || owner.k === 'unknown';
  });
}
