import { defineAdapter } from './adapter.ts';

/** Requests of servers without a framework, and what arrives on a socket. */
export const nodeHttp = defineAdapter({
  id: 'node-http',
  title: 'Node.js HTTP and sockets',
  docs: 'https://nodejs.org/api/http.html',
  packages: ['ws', 'socket.io'],
  aliases: {
    'node:https.Server': 'node:http.Server',
    'node:http2.Http2ServerRequest': 'node:http.IncomingMessage',
    'node:http2.Http2ServerResponse': 'node:http.ServerResponse',
    'ws.Server': 'ws.WebSocketServer',
    'socket.io': 'socket.io.Server',
    'socket.io()': 'socket.io.Server',
    'socket.io.Server#of()': 'socket.io.Server',
    'socket.io.Server#sockets': 'socket.io.Server',
  },
  callbacks: {
    'ws.WebSocketServer#on': ['ws.WebSocket', 'node:http.IncomingMessage'],
    'socket.io.Server#on': ['socket.io.Socket'],
    ...Object.fromEntries(
      ['open', 'fromBuffer', 'fromFd'].map(name => [`yauzl.${name}`, [undefined, 'yauzl.ZipFile']]),
    ),
  },
  request: {
    'node:http.IncomingMessage#url': 'url',
    'node:http.IncomingMessage#headers': 'headers',
    'node:http.IncomingMessage#rawHeaders': 'headers',
    // What connect's middleware and its kin put there.
    'node:http.IncomingMessage#query': 'query',
    'node:http.IncomingMessage#params': 'params',
    'node:http.IncomingMessage#body': 'body',
    'node:http.IncomingMessage#cookies': 'cookies',
    'node:http.Chunk': 'raw',
    'node:net.Data': 'raw',
    'ws.Message': 'raw',
    'ws.MessageEvent#data': 'raw',
    'socket.io.Data': 'body',
    // Names in an archive.
    'unzipper.Entry#path': 'files',
    'tar-stream.Headers#name': 'files',
    'yauzl.Entry#fileName': 'files',
    'socket.io.Socket#handshake.query': 'query',
    'socket.io.Socket#handshake.headers': 'headers',
    'socket.io.Socket#handshake.auth': 'body',
  },
  responses: {
    'node:http.ServerResponse#end': 'end',
    'node:http.ServerResponse#writeHead': 'status',
    'node:http.ServerResponse#setHeader': 'header',
  },
});
