import type { OperationReader } from '../link/operations.ts';
import { defineAdapter } from './adapter.ts';

const SDK = '@modelcontextprotocol/sdk/server/';
const AUTH = `${SDK}auth/`;

/** A request that is handed to a transport; the options are those the transport was made with. */
const serves: OperationReader = ({ callee }) => {
  let made = callee.from;
  while (made && !made.made) made = made.from;
  return { kind: 'mcp-serve', args: { options: made?.made?.call.a[0] } };
};

/** Servers of the Model Context Protocol over HTTP; names of the TypeScript SDK 1.x. */
export const mcp = defineAdapter({
  id: 'mcp',
  title: 'Model Context Protocol',
  docs: 'https://github.com/modelcontextprotocol/typescript-sdk',
  packages: ['@modelcontextprotocol/sdk'],
  aliases: {
    [`${SDK}streamableHttp.StreamableHTTPServerTransport`]: `${SDK}streamableHttp.js.StreamableHTTPServerTransport`,
    [`${SDK}sse.SSEServerTransport`]: `${SDK}sse.js.SSEServerTransport`,
    [`${AUTH}middleware/bearerAuth.requireBearerAuth`]: `${AUTH}middleware/bearerAuth.js.requireBearerAuth`,
    [`${AUTH}router.mcpAuthRouter`]: `${AUTH}router.js.mcpAuthRouter`,
    [`${AUTH}router.mcpAuthMetadataRouter`]: `${AUTH}router.js.mcpAuthMetadataRouter`,
  },
  middleware: {
    [`${AUTH}middleware/bearerAuth.js.requireBearerAuth()`]: ['authenticates'],
    [`${AUTH}router.js.mcpAuthRouter()`]: ['neutral'],
    [`${AUTH}router.js.mcpAuthMetadataRouter()`]: ['neutral'],
  },
  operations: {
    [`${SDK}streamableHttp.js.StreamableHTTPServerTransport#handleRequest`]: serves,
    [`${SDK}sse.js.SSEServerTransport`]: call => ({ kind: 'mcp-serve', args: { options: call.arg(2) } }),
  },
});
