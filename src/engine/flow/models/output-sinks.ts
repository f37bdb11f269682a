import { ALL, type CallSink, each, joined, packages, type Table } from './sink-table.ts';

const RESPONSES = ['express.Response', 'node:http.ServerResponse', 'koa.Context', 'fastify.FastifyReply'];
export const HEADERS: Readonly<Table> = joined(
  RESPONSES.map(response => ({
    ...each(
      `${response}#`,
      'writeHead',
      { kind: 'redirect', arg: 1, property: 'Location' },
      { kind: 'redirect', arg: 1, property: 'location' },
    ),
    ...each(
      `${response}#`,
      'setHeader header set',
      { kind: 'header', arg: 0 },
      { kind: 'header', arg: 1, first: /^content-type$/i },
      { kind: 'redirect', arg: 1, first: /^location$/i },
      { kind: 'redirect', arg: 0, property: 'Location' },
    ),
  })),
);

const html: CallSink = { kind: 'html', arg: 0 };
export const HTML: Readonly<Table> = {
  ...packages(
    'express.Response#write node:http.ServerResponse#write Response NextResponse next/server.NextResponse',
    html,
  ),
  ...packages('document.write document.writeln', html),
  ...joined(['$()#', 'jQuery()#', 'jquery()#'].map(element => each(element, 'html append prepend before after', html))),
};

const LOGS = 'log info warn error debug trace';
const log: CallSink = { kind: 'log', arg: ALL };
export const LOG: Readonly<Table> = { ...each('console.', `${LOGS} dir`, log) };

export const FORMATS: Readonly<Table> = packages(
  'node:util.format sprintf-js.sprintf sprintf-js.vsprintf printf util-format format.format',
  { kind: 'format', arg: 0, filled: true },
);
