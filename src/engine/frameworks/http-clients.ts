import { identity } from '../link/call-key.ts';
import type { OperationCall, OperationDraft, OperationReader } from '../link/operations.ts';
import { alternatives, type CallSite, type Value } from '../link/values.ts';
import { defineAdapter } from './adapter.ts';
import { optionOf } from './shared/options.ts';

/** Options that end a request which gets no answer, by client. */
const LIMITS: Readonly<Record<string, readonly string[]>> = {
  fetch: ['signal', 'timeout', 'dispatcher'],
  undici: ['signal', 'headersTimeout', 'bodyTimeout', 'dispatcher'],
  axios: ['timeout', 'signal', 'cancelToken'],
  got: ['timeout', 'signal'],
  needle: ['timeout', 'response_timeout', 'read_timeout', 'signal'],
  node: ['timeout', 'signal'],
  nest: ['timeout', 'signal'],
};

/** A request with its options at `position`. */
function request(client: string, position: number, url = 0): OperationReader {
  return call => {
    const options = call.arg(position);
    return draft(client, call, url === position ? optionOf(options, 'url') : call.arg(url), position);
  };
}

function draft(
  client: string,
  call: OperationCall,
  url: ReturnType<OperationCall['arg']>,
  position: number,
): OperationDraft {
  const made = instanceOf(call);
  const options = call.arg(position);
  return {
    kind: 'http-request',
    args: {
      url,
      options,
      base: made && optionOf(made.call.a[0], client === 'got' ? 'prefixUrl' : 'baseURL'),
    },
    is: {
      client,
      position,
      bounded: options === undefined ? 'no' : boundedBy(client, call.value(position)),
      ...(made ? { instance: identity(made.call) } : {}),
    },
  };
}

/** `axios(config)`, `axios(url, config)`. */
const callable =
  (client: string): OperationReader =>
  call =>
    call.arg(1) === undefined && call.arg(0)?.k === 'obj'
      ? draft(client, call, optionOf(call.arg(0), 'url'), 0)
      : draft(client, call, call.arg(0), 1);

const instance =
  (client: string): OperationReader =>
  call => ({
    kind: 'http-client',
    args: { options: call.arg(0), base: optionOf(call.arg(0), client === 'got' ? 'prefixUrl' : 'baseURL') },
    is: { client, position: 0, bounded: call.arg(0) === undefined ? 'no' : boundedBy(client, call.value(0)) },
  });

/** Whether options limit the time: `yes`, `no`, or `unknown` where they cannot all be seen. */
function boundedBy(client: string, value: Value | undefined): 'yes' | 'no' | 'unknown' {
  const verdicts = alternatives(value ?? { k: 'unknown' }).map(one => {
    if (one.k === 'const') return 'no';
    if (one.k !== 'object') return 'unknown';
    if (LIMITS[client]!.some(name => isSet(one.props.get(name)))) return 'yes';
    return one.open ? 'unknown' : 'no';
  });
  return verdicts.every(one => one === 'no') ? 'no' : verdicts.every(one => one === 'yes') ? 'yes' : 'unknown';
}

function isSet(value: Value | undefined): boolean {
  return value !== undefined && !(value.k === 'const' && (value.v == null || value.v === 0));
}

/** The call that made the client a method is called on. */
function instanceOf({ callee }: OperationCall): CallSite | undefined {
  return callee.made ?? callee.from?.made;
}

/** What sends a request of superagent off. */
const SENDS = new Set(['then', 'catch', 'finally', 'end', 'pipe', 'buffer']);

/** superagent's limits are methods of the request; one that is kept in a variable may get them later. */
const fluent =
  (url: number): OperationReader =>
  ({ arg, chain, end }) => {
    const isSent = end === 'awaited' || end === 'returned' || chain.some(({ name }) => SENDS.has(name));
    const isBounded = chain.some(({ name }) => name === 'timeout' || name === 'use');
    return {
      kind: 'http-request',
      args: { url: arg(url) },
      is: { client: 'superagent', bounded: isBounded ? 'yes' : isSent ? 'no' : 'unknown' },
    };
  };

const SUPERAGENT: Readonly<Record<string, OperationReader>> = Object.fromEntries([
  ['superagent', fluent(1)],
  ...['get', 'head', 'post', 'put', 'patch', 'delete', 'del', 'options'].map(name => [`superagent.${name}`, fluent(0)]),
]);
const AXIOS: Readonly<Record<string, OperationReader>> = Object.fromEntries(
  ['axios', 'axios.create()'].flatMap(head => {
    const dot = head.endsWith(')') ? '#' : '.';
    return [
      [head, callable('axios')],
      [`${head}${dot}request`, callable('axios')],
      ...['get', 'delete', 'head', 'options'].map(name => [`${head}${dot}${name}`, request('axios', 1)]),
      ...['post', 'put', 'patch', 'postForm'].map(name => [`${head}${dot}${name}`, request('axios', 2)]),
    ];
  }),
);
const VERBS = ['get', 'post', 'put', 'patch', 'delete', 'head'];
const GOT: Readonly<Record<string, OperationReader>> = Object.fromEntries(
  ['got', 'got.got', 'got.extend()', 'got.got.extend()'].flatMap(head => {
    const dot = head.endsWith(')') ? '#' : '.';
    return [[head, callable('got')], ...VERBS.map(name => [`${head}${dot}${name}`, request('got', 1)])];
  }),
);
const NEST: Readonly<Record<string, OperationReader>> = Object.fromEntries([
  ...['get', 'delete', 'head'].map(name => [`@nestjs/axios.HttpService#${name}`, request('nest', 1)]),
  ...['post', 'put', 'patch'].map(name => [`@nestjs/axios.HttpService#${name}`, request('nest', 2)]),
  ['@nestjs/axios.HttpService#request', callable('nest')],
  ...['get', 'delete', 'head'].map(name => [`@nestjs/axios.HttpService#axiosRef.${name}`, request('nest', 1)]),
  ...['post', 'put', 'patch'].map(name => [`@nestjs/axios.HttpService#axiosRef.${name}`, request('nest', 2)]),
]);

/** HTTP clients, with whether a call or the instance it goes through ends by itself. */
export const httpClients = defineAdapter({
  id: 'http-clients',
  title: 'HTTP clients',
  docs: 'https://nodejs.org/api/globals.html#fetch',
  packages: ['axios', 'got', 'undici', 'node-fetch', 'cross-fetch', 'needle', 'superagent', '@nestjs/axios'],
  aliases: { 'axios.Axios': 'axios.create()', 'axios.AxiosInstance': 'axios.create()' },
  operations: {
    fetch: request('fetch', 1),
    'globalThis.fetch': request('fetch', 1),
    'undici.fetch': request('fetch', 1),
    'node-fetch': request('fetch', 1),
    'cross-fetch': request('fetch', 1),
    'cross-fetch.fetch': request('fetch', 1),
    'undici.request': request('undici', 1),
    'undici.stream': request('undici', 1),
    'undici.setGlobalDispatcher': () => ({
      kind: 'http-client',
      is: { client: 'fetch', global: true, bounded: 'yes' },
    }),
    ...AXIOS,
    'axios.create': instance('axios'),
    ...GOT,
    'got.extend': instance('got'),
    'got.got.extend': instance('got'),
    ...NEST,
    ...SUPERAGENT,
    '@nestjs/axios.HttpModule.register': instance('nest'),
    '@nestjs/axios.HttpModule.registerAsync': () => ({
      kind: 'http-client',
      is: { client: 'nest', position: 0, bounded: 'unknown' },
    }),
    'needle.get': request('needle', 1),
    'needle.head': request('needle', 1),
    'needle.post': request('needle', 2),
    'needle.put': request('needle', 2),
    'node:http.request': request('node', 1),
    'node:http.get': request('node', 1),
    'node:https.request': request('node', 1),
    'node:https.get': request('node', 1),
  },
});
