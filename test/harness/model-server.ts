import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** What the server does with one request to `/chat/completions`. */
export type Behaviour =
  | { kind: 'answer'; content: string; finish?: string; pieceLength?: number; delayMs?: number }
  | { kind: 'status'; status: number; headers?: Record<string, string>; body?: unknown }
  /** Streams the beginning, then destroys the socket. */
  | { kind: 'cut'; content: string }
  /** Streams the beginning, then ends cleanly without a finish reason. */
  | { kind: 'ends-early'; content: string }
  /** Streams the beginning, then says nothing more. */
  | { kind: 'stall'; content: string }
  /** Accepts the request and never sends a header. */
  | { kind: 'silent' }
  | { kind: 'endless'; piece: string }
  | { kind: 'malformed-json' }
  | { kind: 'invalid-sse' }
  | { kind: 'huge'; bytes: number }
  | { kind: 'redirect'; location: string; status: number }
  | { kind: 'html' }
  | { kind: 'refusal' }
  /** An error object inside the stream, as some gateways send it. */
  | { kind: 'stream-error'; message: string };

export interface ModelServerOptions {
  /** Bearer key that is asked for; none: every request is welcome. */
  key?: string;
  models?: readonly string[];
  rejectResponseFormat?: boolean;
  /** Rejects `max_tokens` like newer hosted models do. */
  wantsMaxCompletionTokens?: boolean;
  /** Answers as one JSON document even when asked to stream. */
  neverStreams?: boolean;
  /** Rejects requests that ask for streaming. */
  rejectStream?: boolean;
}

export interface RecordedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Record<string, unknown> | undefined;
  readonly text: string;
}

export interface ModelServer extends AsyncDisposable {
  /** With `/v1`. */
  readonly baseUrl: string;
  readonly requests: readonly RecordedRequest[];
  /** Requests to `/chat/completions`. */
  readonly chats: readonly RecordedRequest[];
  /** One behaviour a request, in order; the last one stays. */
  script(...behaviours: Behaviour[]): void;
  /** Requests whose answer has not ended; a client that gives up must leave none. */
  readonly pending: number;
  close(): Promise<void>;
}

/** A server that speaks the OpenAI chat protocol on a free port of 127.0.0.1, over real HTTP. */
export async function startModelServer(options: ModelServerOptions = {}): Promise<ModelServer> {
  const requests: RecordedRequest[] = [];
  const sockets = new Set<Socket>();
  let pending = 0;
  let behaviours: Behaviour[] = [{ kind: 'answer', content: 'Hello.' }];

  const server = createServer(async (request, response) => {
    response.on('error', () => {});
    pending++;
    response.on('close', () => pending--);
    const text = await readAll(request).catch(() => '');
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    const body = parse(text);
    requests.push({ method: request.method ?? '', path, headers: request.headers, body, text });
    if (options.key !== undefined && request.headers.authorization !== `Bearer ${options.key}`) {
      // Real endpoints repeat the key in their answer, so this one does too.
      const message = `Incorrect API key provided: ${request.headers.authorization}.`;
      return json(response, 401, { error: { message, code: 'invalid_api_key' } });
    }
    if (path === '/v1/models') {
      const data = (options.models ?? ['small', 'large']).map(id => ({
        id,
        object: 'model',
        created: 0,
        owned_by: 'test',
      }));
      return json(response, 200, { object: 'list', data });
    }
    if (path !== '/v1/chat/completions') return json(response, 404, { error: { message: 'Not found' } });
    const complaint = complain(body ?? {}, options);
    if (complaint) return json(response, complaint.status, { error: complaint });
    const behaviour = behaviours.length > 1 ? behaviours.shift()! : behaviours[0]!;
    await behave(behaviour, response, body?.['stream'] === true && !options.neverStreams);
  });
  server.on('connection', socket => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));

  const close = async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise(resolve => server.close(resolve));
  };
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    requests,
    get chats() {
      return requests.filter(({ path }) => path === '/v1/chat/completions');
    },
    script(...next) {
      behaviours = next;
    },
    get pending() {
      return pending;
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

function complain(body: Record<string, unknown>, options: ModelServerOptions) {
  const refuse = (param: string, message: string) => ({ status: 400, param, message, code: 'unsupported_parameter' });
  if (options.models && !options.models.includes(String(body['model']))) {
    return { status: 404, message: `The model '${body['model']}' does not exist`, code: 'model_not_found' };
  }
  if (options.rejectResponseFormat && body['response_format']) {
    return refuse('response_format', "'response_format' of type 'json_schema' is not supported.");
  }
  if (options.wantsMaxCompletionTokens && body['max_tokens']) {
    return refuse('max_tokens', "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.");
  }
  if (options.rejectStream && body['stream']) return refuse('stream', 'stream is not supported');
  return undefined;
}

async function behave(behaviour: Behaviour, response: ServerResponse, stream: boolean): Promise<void> {
  switch (behaviour.kind) {
    case 'answer':
      if (behaviour.delayMs) await sleep(behaviour.delayMs);
      if (!stream) return json(response, 200, completion(behaviour.content, behaviour.finish ?? 'stop'));
      await sendPieces(response, behaviour.content, behaviour.pieceLength ?? 16);
      event(response, chunk('', behaviour.finish ?? 'stop'));
      response.end('data: [DONE]\n\n');
      return;
    case 'status':
      return json(response, behaviour.status, behaviour.body ?? { error: { message: 'no' } }, behaviour.headers);
    case 'cut':
      await sendPieces(response, behaviour.content, 16);
      await sleep(20);
      response.destroy();
      return;
    case 'ends-early':
      await sendPieces(response, behaviour.content, 16);
      response.end();
      return;
    case 'stall':
      return sendPieces(response, behaviour.content, 16);
    case 'silent':
      return;
    case 'endless':
      return sendForever(response, `data: ${JSON.stringify(chunk(behaviour.piece))}\n\n`);
    case 'malformed-json':
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end('{"choices": [{"message": ');
      return;
    case 'invalid-sse':
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.end('data: {"choices": [nonsense\n\ndata: [DONE]\n\n');
      return;
    case 'huge':
      response.writeHead(200, { 'content-type': 'application/json' });
      for (let sent = 0; sent < behaviour.bytes && !response.destroyed; sent += 65_536) {
        if (!response.write('x'.repeat(65_536))) await drained(response);
      }
      response.end();
      return;
    case 'redirect':
      response.writeHead(behaviour.status, { location: behaviour.location });
      response.end();
      return;
    case 'html':
      response.writeHead(200, { 'content-type': 'text/html' });
      response.end('<!doctype html><title>Welcome</title>');
      return;
    case 'refusal':
      event(response, {
        ...chunk(''),
        choices: [{ index: 0, delta: { refusal: 'I cannot help.' }, finish_reason: 'stop' }],
      });
      response.end('data: [DONE]\n\n');
      return;
    case 'stream-error':
      event(response, { error: { message: behaviour.message, type: 'server_error' } });
      response.end();
  }
}

async function sendPieces(response: ServerResponse, content: string, length: number): Promise<void> {
  for (let at = 0; at < content.length; at += length) event(response, chunk(content.slice(at, at + length)));
  if (content === '') event(response, chunk(''));
}

async function sendForever(response: ServerResponse, text: string): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  while (!response.destroyed) {
    if (!response.write(text)) await drained(response);
    else await new Promise(resolve => setImmediate(resolve));
  }
}

function event(response: ServerResponse, data: unknown): void {
  if (!response.headersSent) response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.write(`data: ${JSON.stringify(data)}\n\n`);
}

function chunk(content: string, finish: string | null = null) {
  const choices = [{ index: 0, delta: { content }, finish_reason: finish }];
  return { id: 'c1', object: 'chat.completion.chunk', created: 0, model: 'small', choices };
}

function completion(content: string, finish: string) {
  const choices = [{ index: 0, message: { role: 'assistant', content }, finish_reason: finish }];
  return { id: 'c1', object: 'chat.completion', created: 0, model: 'small', choices };
}

function json(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}

function drained(response: ServerResponse): Promise<void> {
  return new Promise(resolve => {
    const done = () => {
      response.off('drain', done);
      response.off('close', done);
      resolve();
    };
    response.on('drain', done);
    response.on('close', done);
  });
}

async function readAll(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

function sleep(ms: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, ms));
}
