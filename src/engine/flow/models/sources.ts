import type { RequestPart } from '../../frameworks/adapter.ts';
import type { Label } from '../taint.ts';

/** Parts of a request that its sender chooses. A session and a signed-in user are the server's own. */
export const REMOTE_PARTS: ReadonlySet<RequestPart> = new Set([
  'body',
  'query',
  'params',
  'headers',
  'cookies',
  'files',
  'url',
  'raw',
]);

/** Properties of a model's answer that the model does not write. */
export const NOT_MODEL_TEXT: ReadonlySet<string> = new Set([
  'usage',
  'id',
  'model',
  'created',
  'finish_reason',
  'finishReason',
  'stop_reason',
  'warnings',
  'system_fingerprint',
  'role',
  'type',
]);

/** Functions that a library calls with untrusted values: by API path of the registering call. */
export interface Callback {
  /** Position of the argument that holds the function. */
  readonly arg: number;
  /** The property of that argument, where it is an object. */
  readonly property?: string;
  readonly param: number;
  readonly label: Label;
  readonly part: string;
  /** Only for this first argument. */
  readonly when?: string;
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
  'ws.WebSocket#on': [{ arg: 1, param: 0, label: 'remote', part: 'a message', when: 'message' }],
};
