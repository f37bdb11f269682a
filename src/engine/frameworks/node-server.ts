import type { OperationReader } from '../link/operations.ts';
import { defineAdapter } from './adapter.ts';

const listen: OperationReader = call => ({ kind: 'listen', args: { port: call.arg(0), host: call.arg(1) } });
const serve: OperationReader = call => ({ kind: 'listen', args: { options: call.arg(0) } });

const SERVERS = [
  'node:http.createServer()',
  'node:http.Server',
  'node:https.createServer()',
  'node:https.Server',
  'node:http2.createServer()',
  'node:http2.createSecureServer()',
  'node:net.createServer()',
  '@nestjs/core.NestFactory.create()',
  '@hono/node-server.createAdaptorServer()',
  'restify.createServer()',
  'polka()',
];

/** Where servers start to listen, for servers that are no routers of a framework. */
export const nodeServer = defineAdapter({
  id: 'node-server',
  title: 'Node.js servers',
  docs: 'https://nodejs.org/api/net.html#serverlisten',
  packages: ['@hono/node-server'],
  operations: {
    ...Object.fromEntries(SERVERS.map(server => [`${server}#listen`, listen])),
    '@hono/node-server.serve': serve,
    'Bun.serve': serve,
  },
});
