import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { inspect } from 'node:util';
import { AdvisorError, type AdvisorErrorCode } from '../../src/advisor/advisor-error.ts';
import { testConnection } from '../../src/advisor/connection.ts';
import { createOpenAiProvider, type OpenAiLimits } from '../../src/advisor/openai.ts';
import type { CompleteOptions, ModelRequest } from '../../src/advisor/provider.ts';
import {
  type Behaviour,
  type ModelServer,
  type ModelServerOptions,
  startModelServer,
} from '../harness/model-server.ts';

const KEY = 'test-key-9f3b7c1d5e';
const SOURCE = 'const verySpecialSourceText = 1;';
const REQUEST: ModelRequest = {
  messages: [
    { role: 'system', text: 'Be brief.' },
    { role: 'user', text: SOURCE },
  ],
  schema: { type: 'object' },
  maxOutputTokens: 100,
};
const FAST: Partial<OpenAiLimits> = {
  firstTokenMs: 800,
  idleMs: 500,
  totalMs: 6000,
  listMs: 2000,
  backoffMs: 10,
  maxRetryAfterMs: 1500,
};

function providerFor(server: ModelServer, limits: Partial<OpenAiLimits> = {}, model = 'small') {
  return createOpenAiProvider({ baseUrl: server.baseUrl, apiKey: KEY, model, limits: { ...FAST, ...limits } });
}

async function serve(behaviours: readonly Behaviour[], options: ModelServerOptions = {}): Promise<ModelServer> {
  const server = await startModelServer({ key: KEY, models: ['small', 'large'], ...options });
  if (behaviours.length > 0) server.script(...behaviours);
  return server;
}

async function failure(work: Promise<unknown>, code: AdvisorErrorCode): Promise<AdvisorError> {
  const error = await work.then(
    () => assert.fail('must fail'),
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof AdvisorError, inspect(error));
  assert.equal(error.code, code, error.message);
  const everything = inspect(error, { depth: 9, showHidden: true }) + JSON.stringify(error);
  assert.ok(!everything.includes(KEY) && !everything.includes('verySpecialSourceText'), everything);
  return error;
}

describe('an OpenAI-compatible endpoint', () => {
  it('streams an answer', async () => {
    await using server = await serve([{ kind: 'answer', content: 'A long enough answer to come in pieces.' }]);
    const pieces: string[] = [];
    const answer = await providerFor(server).complete(REQUEST, { onToken: piece => pieces.push(piece) });
    assert.deepEqual(answer, { text: 'A long enough answer to come in pieces.', finish: 'stop' });
    assert.ok(pieces.length > 1);
    assert.equal(pieces.join(''), answer.text);
    const [chat] = server.chats;
    assert.equal(chat?.body?.['stream'], true);
    assert.deepEqual(chat?.body?.['messages'], [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: SOURCE },
    ]);
  });

  it('sends nothing about the machine or from the environment', async () => {
    process.env['OPENAI_CUSTOM_HEADERS'] = 'x-leak: yes';
    process.env['OPENAI_ORG_ID'] = 'org-leak';
    try {
      await using server = await serve([]);
      await providerFor(server).complete(REQUEST);
      const headers = JSON.stringify(server.chats[0]?.headers);
      assert.ok(!/leak|stainless/i.test(headers), headers);
    } finally {
      delete process.env['OPENAI_CUSTOM_HEADERS'];
      delete process.env['OPENAI_ORG_ID'];
    }
  });

  it('understands a server that never streams', async () => {
    await using server = await serve([{ kind: 'answer', content: 'All at once.' }], { neverStreams: true });
    assert.equal((await providerFor(server).complete(REQUEST)).text, 'All at once.');
  });

  const dialects: [string, ModelServerOptions, (body: Record<string, unknown>) => boolean][] = [
    ['structured output', { rejectResponseFormat: true }, body => !('response_format' in body)],
    [
      'max_tokens',
      { wantsMaxCompletionTokens: true },
      body => body['max_completion_tokens'] === 100 && !('max_tokens' in body),
    ],
    ['streaming', { rejectStream: true }, body => body['stream'] === false],
  ];
  for (const [name, options, isRight] of dialects) {
    it(`does without ${name} where the endpoint rejects it, and remembers`, async () => {
      await using server = await serve([], options);
      const provider = providerFor(server);
      assert.equal((await provider.complete(REQUEST)).text, 'Hello.');
      assert.ok(isRight(server.chats.at(-1)!.body!));
      const before = server.chats.length;
      await provider.complete(REQUEST);
      assert.equal(server.chats.length, before + 1);
    });
  }

  it('works without a key on this machine', async () => {
    await using server = await startModelServer();
    const provider = createOpenAiProvider({ baseUrl: server.baseUrl, apiKey: '', model: 'small' });
    assert.equal((await provider.complete(REQUEST)).text, 'Hello.');
  });

  it('lists models', async () => {
    await using server = await serve([], { models: ['b', 'a', 'b'] });
    assert.deepEqual(
      (await providerFor(server).listModels()).map(({ id }) => id),
      ['a', 'b'],
    );
  });

  it('retries after a problem of the server', async () => {
    await using server = await serve([
      { kind: 'status', status: 500 },
      { kind: 'status', status: 503 },
      { kind: 'answer', content: 'ok' },
    ]);
    assert.equal((await providerFor(server).complete(REQUEST)).text, 'ok');
    assert.equal(server.chats.length, 3);
  });

  it('gives up after the last retry', async () => {
    await using server = await serve([{ kind: 'status', status: 500 }]);
    assert.match((await failure(providerFor(server).complete(REQUEST), 'server-error')).message, /status 500/);
    assert.equal(server.chats.length, 3);
  });

  it('waits as long as Retry-After says', async () => {
    await using server = await serve([
      { kind: 'status', status: 429, headers: { 'retry-after': '1' } },
      { kind: 'answer', content: 'ok' },
    ]);
    const started = performance.now();
    assert.equal((await providerFor(server).complete(REQUEST)).text, 'ok');
    assert.ok(performance.now() - started >= 950);
  });

  it('does not wait for longer than a person would', async () => {
    await using server = await serve([{ kind: 'status', status: 429, headers: { 'retry-after': '3600' } }]);
    const error = await failure(providerFor(server).complete(REQUEST), 'rate-limited');
    assert.equal(error.retryAfterMs, 3_600_000);
    assert.equal(server.chats.length, 1);
  });

  it('tells a used-up quota from a short wait', async () => {
    await using server = await serve([
      { kind: 'status', status: 429, body: { error: { message: 'x', code: 'insufficient_quota' } } },
    ]);
    const error = await failure(providerFor(server).complete(REQUEST), 'rate-limited');
    assert.match(error.message, /quota/);
    assert.equal(server.chats.length, 1);
  });

  it('names the key when it is wrong', async () => {
    await using server = await serve([], { key: 'another' });
    const error = await failure(providerFor(server).complete(REQUEST), 'unauthorized');
    assert.equal(error.wrong, 'key');
    assert.equal(server.chats.length, 1);
  });

  it('names the model when it is wrong', async () => {
    await using server = await serve([]);
    const error = await failure(providerFor(server, {}, 'gone').complete(REQUEST), 'model-not-found');
    assert.equal(error.wrong, 'model');
    assert.match(error.message, /gone/);
  });

  it('asks for a model if none is selected', async () => {
    await using server = await serve([]);
    await failure(createOpenAiProvider({ baseUrl: server.baseUrl, apiKey: KEY }).complete(REQUEST), 'no-model');
    assert.equal(server.requests.length, 0);
  });

  it('names the URL when its path is wrong', async () => {
    await using server = await serve([]);
    const provider = createOpenAiProvider({ baseUrl: `${server.baseUrl}/chat`, apiKey: KEY, model: 'small' });
    assert.equal((await failure(provider.complete(REQUEST), 'unreachable')).wrong, 'url');
  });

  it('names the URL when nothing listens there', async () => {
    const server = await serve([]);
    await server.close();
    const error = await failure(providerFor(server, { retries: 0 }).complete(REQUEST), 'unreachable');
    assert.equal(error.wrong, 'url');
    assert.match(error.message, /nothing listens/);
  });

  const broken: [string, Behaviour, AdvisorErrorCode][] = [
    ['broken JSON', { kind: 'malformed-json' }, 'malformed'],
    ['broken events', { kind: 'invalid-sse' }, 'malformed'],
    ['a web page', { kind: 'html' }, 'malformed'],
    ['an empty object', { kind: 'status', status: 200, body: {} }, 'malformed'],
    ['null', { kind: 'status', status: 200, body: null }, 'malformed'],
    ['a cut stream', { kind: 'cut', content: 'The beginning of an answer' }, 'unreachable'],
    ['a stall in the middle', { kind: 'stall', content: 'The beginning' }, 'timeout'],
    ['silence', { kind: 'silent' }, 'timeout'],
    ['a slow first token', { kind: 'answer', content: 'late', delayMs: 2500 }, 'timeout'],
    ['an endless answer', { kind: 'endless', piece: 'blah '.repeat(50) }, 'too-long'],
    ['endless empty pieces', { kind: 'endless', piece: '' }, 'too-long'],
    ['a huge body', { kind: 'huge', bytes: 30_000_000 }, 'too-long'],
    ['a refusal', { kind: 'refusal' }, 'refused'],
    ['an error inside the stream', { kind: 'stream-error', message: `boom ${KEY} ${SOURCE}` }, 'server-error'],
    [
      'a context that is too long',
      { kind: 'status', status: 400, body: { error: { message: `maximum context length ${SOURCE}` } } },
      'too-long',
    ],
    [
      'a bad request',
      { kind: 'status', status: 400, body: { error: { message: `${KEY} ${SOURCE}` } } },
      'server-error',
    ],
    ['a forbidden model', { kind: 'status', status: 403, body: { error: { message: `${KEY}` } } }, 'unauthorized'],
  ];
  for (const [name, behaviour, code] of broken) {
    it(`ends ${name} with a clear message`, async () => {
      await using server = await serve([behaviour]);
      const started = performance.now();
      await failure(providerFor(server, { maxBodyBytes: 2_000_000 }).complete(REQUEST), code);
      assert.ok(performance.now() - started < 15_000, 'it must not hang');
      await sleep(50);
      assert.equal(server.pending, 0, 'a client that gives up hangs up');
    });
  }

  it('keeps what arrived when a stream ends early, and says that it is not sure', async () => {
    await using server = await serve([{ kind: 'ends-early', content: '{"edits":[]}' }]);
    assert.deepEqual(await providerFor(server).complete(REQUEST), { text: '{"edits":[]}', finish: 'unknown' });
  });

  it('does not ask again once a part of the answer was shown', async () => {
    await using server = await serve([{ kind: 'cut', content: 'The beginning' }]);
    await failure(providerFor(server).complete(REQUEST), 'unreachable');
    assert.equal(server.chats.length, 1);
  });

  it('bounds the time of all attempts together', async () => {
    await using server = await serve([{ kind: 'status', status: 429, headers: { 'retry-after': '1' } }]);
    const started = performance.now();
    await failure(providerFor(server, { totalMs: 600, retries: 9 }).complete(REQUEST), 'timeout');
    assert.ok(performance.now() - started < 950);
  });

  const moments: [string, Behaviour][] = [
    ['before an answer', { kind: 'silent' }],
    ['in the middle of an answer', { kind: 'stall', content: 'The beginning' }],
    ['while waiting for a retry', { kind: 'status', status: 429, headers: { 'retry-after': '1' } }],
  ];
  for (const [name, behaviour] of moments) {
    it(`can be cancelled ${name}`, async () => {
      await using server = await serve([behaviour]);
      const options: CompleteOptions = { signal: AbortSignal.timeout(100) };
      const started = performance.now();
      await failure(providerFor(server).complete(REQUEST, options), 'cancelled');
      assert.ok(performance.now() - started < 700);
    });
  }

  it('sends nothing if it is cancelled already', async () => {
    await using server = await serve([]);
    await failure(providerFor(server).complete(REQUEST, { signal: AbortSignal.abort() }), 'cancelled');
    await sleep(50);
    assert.equal(server.chats.length, 0);
  });

  for (const status of [301, 302, 307, 308]) {
    it(`sends neither key nor code to another host on ${status}`, async () => {
      let visits = 0;
      const other = createServer((_, response) => {
        visits++;
        response.end();
      }).listen(0, '127.0.0.1');
      await once(other, 'listening');
      const address = other.address();
      assert.ok(address && typeof address === 'object');
      await using server = await serve([
        { kind: 'redirect', status, location: `http://127.0.0.1:${address.port}/v1/chat/completions` },
      ]);
      const error = await failure(providerFor(server).complete(REQUEST), 'unreachable');
      assert.equal(error.wrong, 'url');
      assert.match(error.message, /redirects to http:\/\/127\.0\.0\.1/);
      assert.equal(visits, 0);
      other.close();
    });
  }

  it('follows a redirect on the same host', async () => {
    await using server = await serve([
      { kind: 'redirect', status: 307, location: '/v1/chat/completions' },
      { kind: 'answer', content: 'ok' },
    ]);
    assert.equal((await providerFor(server).complete(REQUEST)).text, 'ok');
  });

  it('does not run in circles', async () => {
    await using server = await serve([{ kind: 'redirect', status: 307, location: '/v1/chat/completions' }]);
    assert.match(
      (await failure(providerFor(server, { retries: 0 }).complete(REQUEST), 'unreachable')).message,
      /circles/,
    );
  });

  it('writes nothing to the console', async t => {
    process.env['OPENAI_LOG'] = 'debug';
    const written = ['log', 'info', 'warn', 'error', 'debug'].map(name =>
      t.mock.method(console, name as 'log', () => {}),
    );
    try {
      await using server = await serve([{ kind: 'invalid-sse' }]);
      await failure(providerFor(server).complete(REQUEST), 'malformed');
      assert.deepEqual(
        written.flatMap(({ mock }) => mock.calls),
        [],
      );
    } finally {
      delete process.env['OPENAI_LOG'];
    }
  });
});

describe('settings of an endpoint', () => {
  const wrong: [string, string, string, AdvisorErrorCode][] = [
    ['no address', 'nonsense', KEY, 'unreachable'],
    ['another protocol', 'file:///etc/passwd', KEY, 'unreachable'],
    ['credentials in the URL', `https://user:${KEY}@example.com/v1`, KEY, 'unreachable'],
    ['a public host without https', 'http://example.com/v1', KEY, 'unreachable'],
    ['a public host without a key', 'https://example.com/v1', ' ', 'unauthorized'],
    ['a key with a line break inside', 'https://example.com/v1', `${KEY}\nx`, 'unauthorized'],
  ];
  for (const [name, baseUrl, apiKey, code] of wrong) {
    it(`are refused for ${name}`, async () => {
      await failure((async () => createOpenAiProvider({ baseUrl, apiKey, model: 'small' }))(), code);
    });
  }
  for (const baseUrl of [
    'http://localhost:11434/v1',
    'http://192.168.1.20:8000',
    'http://[::1]:1234/v1',
    'http://ollama:11434/v1',
  ]) {
    it(`accept ${baseUrl} without a key`, () => assert.equal(createOpenAiProvider({ baseUrl }).destination, baseUrl));
  }
});

describe('the connection test', () => {
  it('is content', async () => {
    await using server = await serve([]);
    const report = await testConnection(providerFor(server), 'small');
    assert.equal(report.ok, true);
    assert.equal(server.chats.length, 0);
  });
  it('finds a wrong model', async () => {
    await using server = await serve([]);
    assert.equal((await testConnection(providerFor(server), 'gone')).wrong, 'model');
  });
  it('finds a wrong key', async () => {
    await using server = await serve([], { key: 'another' });
    assert.equal((await testConnection(providerFor(server), 'small')).wrong, 'key');
  });
  it('finds a wrong URL', async () => {
    const server = await serve([]);
    await server.close();
    assert.equal((await testConnection(providerFor(server), 'small')).wrong, 'url');
  });
});
