import { ARGS } from '../../frameworks/graphql/schema.ts';
import type { Label } from '../taint.ts';

/** Functions that a library calls with untrusted values: by API path of the registering call. */
export interface Callback {
  /** Position of the argument that holds the function. */
  readonly arg: number;
  /** The property of that argument, where it is an object. */
  readonly property?: string;
  readonly param: number;
  readonly label: Label;
  readonly part: string;
}

const tool = (arg: number, property?: string): Callback => ({
  arg,
  ...(property ? { property } : {}),
  param: 0,
  label: 'model',
  part: 'arguments that the model chose',
});

export const CALLBACKS: Readonly<Record<string, readonly Callback[]>> = {
  'ai.tool': [tool(0, 'execute')],
  '@langchain/core/tools.tool': [tool(0)],
  '@openai/agents.tool': [tool(0, 'execute')],
  '@modelcontextprotocol/sdk/server/mcp.js.McpServer#tool': [tool(1), tool(2), tool(3)],
  '@modelcontextprotocol/sdk/server/mcp.js.McpServer#registerTool': [tool(2)],
};

/** Functions that a library calls with requests, messages or parts of them: by API path of the registering call. */
export interface Registration {
  /** Position of the argument that holds the function. */
  readonly arg: number;
  /** The property of that argument, where it is an object. */
  readonly property?: string;
  /** Each function of that object. */
  readonly members?: true;
  /** Only for a first argument that is one of these texts. */
  readonly when?: readonly string[];
  /** Not where the function looks at this property: who sent a message, for one. */
  readonly unlessReads?: string;
  /** API types of the function's parameters. */
  readonly params: readonly (string | undefined)[];
}

const HTTP = ['node:http.IncomingMessage', 'node:http.ServerResponse'];

const onEvent = (params: readonly (string | undefined)[], ...when: readonly string[]): Registration => ({
  arg: 1,
  params,
  ...(when.length ? { when } : {}),
});

const pageMessage: Registration = { ...onEvent(['page.Message'], 'message'), unlessReads: 'origin' };

/** Root values: their functions get a field's arguments. */
const resolvers = (arg: number): Registration => ({ arg, property: 'rootValue', members: true, params: [ARGS] });

const SERVER_CALLS = ['node:http.createServer', 'node:https.createServer', 'node:http2.createServer'];

/** Readers of archives, and what they call an entry. */
const ARCHIVES: Readonly<Record<string, string>> = {
  'unzipper.Parse()': 'unzipper.Entry',
  'unzip.Parse()': 'unzipper.Entry',
  'unzip-stream.Parse()': 'unzipper.Entry',
  'tar-stream.extract()': 'tar-stream.Headers',
  'tar.Parse': 'unzipper.Entry',
  'yauzl.ZipFile': 'yauzl.Entry',
};

export const REGISTRATIONS: Readonly<Record<string, readonly Registration[]>> = {
  ...Object.fromEntries(Object.entries(ARCHIVES).map(([path, entry]) => [`${path}#on`, [onEvent([entry], 'entry')]])),
  ...Object.fromEntries(
    SERVER_CALLS.flatMap(path => [
      [path, [{ arg: 0, params: HTTP }, onEvent(HTTP)]],
      [`${path}()#on`, [onEvent(HTTP, 'request')]],
      [`${path}()#addListener`, [onEvent(HTTP, 'request')]],
    ]),
  ),
  ...Object.fromEntries(
    ['get', 'post', 'put', 'patch', 'delete', 'del', 'all'].map(method => [
      `koa-route.${method}`,
      [{ arg: 1, params: ['koa.Context', ...Array<string>(4).fill('koa-route.Param')] }],
    ]),
  ),
  'node:http.Server': [{ arg: 0, params: HTTP }],
  'node:http.Server#on': [onEvent(HTTP, 'request')],
  'node:http.IncomingMessage#on': [onEvent(['node:http.Chunk'], 'data')],
  'express.Request#on': [onEvent(['node:http.Chunk'], 'data')],
  'node:net.createServer': [{ arg: 0, params: ['node:net.Socket'] }],
  'node:net.Socket#on': [onEvent(['node:net.Data'], 'data')],
  'express-graphql.graphqlHTTP': [resolvers(0)],
  'express-graphql': [resolvers(0)],
  'graphql.graphql': [resolvers(0)],
  'ws.WebSocket#on': [onEvent(['ws.Message'], 'message')],
  'ws.WebSocket#addEventListener': [onEvent(['ws.MessageEvent'], 'message')],
  addEventListener: [pageMessage],
  'window.addEventListener': [pageMessage],
  'ws.WebSocketServer#on': [onEvent(['ws.WebSocket', HTTP[0]], 'connection')],
  'socket.io.Server#on': [onEvent(['socket.io.Socket'], 'connection', 'connect')],
  'socket.io.Socket#on': [onEvent(['socket.io.Data', 'socket.io.Data', 'socket.io.Data'])],
  'socket.io.Socket#once': [onEvent(['socket.io.Data', 'socket.io.Data', 'socket.io.Data'])],
};
