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
  /** Only for a first argument that is one of these texts. */
  readonly when?: readonly string[];
  /** API types of the function's parameters. */
  readonly params: readonly (string | undefined)[];
}

const HTTP = ['node:http.IncomingMessage', 'node:http.ServerResponse'];

const onEvent = (params: readonly (string | undefined)[], ...when: readonly string[]): Registration => ({
  arg: 1,
  params,
  ...(when.length ? { when } : {}),
});

const SERVER_CALLS = ['node:http.createServer', 'node:https.createServer', 'node:http2.createServer'];

export const REGISTRATIONS: Readonly<Record<string, readonly Registration[]>> = {
  ...Object.fromEntries(
    SERVER_CALLS.flatMap(path => [
      [path, [{ arg: 0, params: HTTP }, onEvent(HTTP)]],
      [`${path}()#on`, [onEvent(HTTP, 'request')]],
      [`${path}()#addListener`, [onEvent(HTTP, 'request')]],
    ]),
  ),
  'node:http.Server': [{ arg: 0, params: HTTP }],
  'node:http.Server#on': [onEvent(HTTP, 'request')],
  'node:http.IncomingMessage#on': [onEvent(['node:http.Chunk'], 'data')],
  'express.Request#on': [onEvent(['node:http.Chunk'], 'data')],
  'node:net.createServer': [{ arg: 0, params: ['node:net.Socket'] }],
  'node:net.Socket#on': [onEvent(['node:net.Data'], 'data')],
  'ws.WebSocket#on': [onEvent(['ws.Message'], 'message')],
  'ws.WebSocket#addEventListener': [onEvent(['ws.MessageEvent'], 'message')],
  'ws.WebSocketServer#on': [onEvent(['ws.WebSocket', HTTP[0]], 'connection')],
  'socket.io.Server#on': [onEvent(['socket.io.Socket'], 'connection', 'connect')],
  'socket.io.Socket#on': [onEvent(['socket.io.Data', 'socket.io.Data', 'socket.io.Data'])],
  'socket.io.Socket#once': [onEvent(['socket.io.Data', 'socket.io.Data', 'socket.io.Data'])],
};
