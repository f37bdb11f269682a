import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  type Advice,
  type AdviseInput,
  type AdviseProgress,
  advise,
  type Workspace,
} from '../../src/advisor/advise.ts';
import { createDenyList } from '../../src/advisor/deny.ts';
import { createOpenAiProvider } from '../../src/advisor/openai.ts';
import type { ConsentStore, PromptPreview } from '../../src/advisor/preview.ts';
import type { ModelProvider } from '../../src/advisor/provider.ts';
import { type Behaviour, type ModelServer, startModelServer } from '../harness/model-server.ts';
import { APP, AUTH, applyChange, findingAt, SECRETS } from './samples.ts';

const KEY = 'test-key-9f3b7c1d5e';
const ROUTE = "app.post('/orders', createOrder);";
const GUARDED = "app.post('/orders', requireAuth, createOrder);";
const GOOD = draft(ROUTE, GUARDED);
const USELESS = draft(ROUTE, "app.post('/orders',  createOrder);");

function draft(find: string, replace: string): string {
  return JSON.stringify({
    summary: 'Ask for a caller.',
    edits: [{ file: 'src/app.ts', find, replace }],
    newFiles: [],
    notes: '',
  });
}

/** A workspace whose exam asks one thing of the real text after the edit: is every writing route guarded? */
function workspaceOf(files: Readonly<Record<string, string>>): Workspace & { exams: number } {
  const workspace = {
    exams: 0,
    text: async (file: string) => files[file],
    verify: async (_: string, change: Parameters<Workspace['verify']>[1]) => {
      workspace.exams++;
      const open = applyChange(files, change)['src/app.ts']?.match(
        /^app\.(?:post|delete)\('[^']*', (?!requireAuth).*$/m,
      );
      return open ? { ok: false, reasons: [`The problem is still there: ${open[0]}`] } : { ok: true, reasons: [] };
    },
  };
  return workspace;
}

function consentOf(granted: boolean, answer = true): ConsentStore & { asked: PromptPreview[]; given: string[] } {
  const asked: PromptPreview[] = [];
  const given: string[] = [];
  return {
    asked,
    given,
    isGranted: async destination => granted || given.includes(destination),
    grant: async destination => void given.push(destination),
    ask: async preview => {
      asked.push(preview);
      return answer;
    },
  };
}

async function serve(...behaviours: Behaviour[]): Promise<ModelServer> {
  const server = await startModelServer({ key: KEY, models: ['small'] });
  server.script(...behaviours);
  return server;
}

function answers(...contents: string[]): Behaviour[] {
  return contents.map(content => ({ kind: 'answer', content }));
}

function providerFor(server: ModelServer): ModelProvider {
  const limits = { firstTokenMs: 800, idleMs: 500, totalMs: 5000, backoffMs: 10, maxRetryAfterMs: 100 };
  return createOpenAiProvider({ baseUrl: server.baseUrl, apiKey: KEY, model: 'small', limits });
}

/** Sends until it is told to stop. */
async function flood(onToken: ((text: string) => void) | undefined, signal: AbortSignal | undefined): Promise<never> {
  while (!signal?.aborted) {
    onToken?.('blah '.repeat(100));
    await new Promise(resolve => setImmediate(resolve));
  }
  throw new Error('told to stop');
}

function input(provider: ModelProvider | undefined, more: Partial<AdviseInput> = {}): AdviseInput {
  return {
    finding: findingAt(APP, 'src/app.ts', "post('/orders'"),
    knowledge: '# A route that writes is open\nAsk for a caller first.',
    recipe: '# Auth in Express\nUse a middleware.',
    workspace: workspaceOf({ 'src/app.ts': APP, 'src/auth.ts': AUTH }),
    deny: createDenyList(),
    ...(provider && { provider }),
    consent: consentOf(true),
    ...more,
  };
}

function assertKind<K extends Advice['kind']>(advice: Advice, kind: K): asserts advice is Extract<Advice, { kind: K }> {
  assert.equal(advice.kind, kind, JSON.stringify(advice));
}

describe('advice', () => {
  it('offers a change that passed the exam', async () => {
    await using server = await serve(...answers(`Here you are:\n\`\`\`json\n${GOOD}\n\`\`\``));
    const stages: AdviseProgress['stage'][] = [];
    const advice = await advise(input(providerFor(server), { onProgress: ({ stage }) => stages.push(stage) }));
    assertKind(advice, 'verified');
    assert.equal(applyChange({ 'src/app.ts': APP }, advice.change)['src/app.ts'], APP.replace(ROUTE, GUARDED));
    assert.equal(advice.summary, 'Ask for a caller.');
    assert.deepEqual([...new Set(stages)], ['reading', 'consent', 'asking', 'receiving', 'checking']);
  });

  it('comes from the knowledge base without a provider', async () => {
    const advice = await advise(input(undefined));
    assertKind(advice, 'knowledge');
    assert.match(advice.text, /Ask for a caller first[\s\S]*Use a middleware/);
    assert.equal(advice.problem, undefined);
  });

  it('sends nothing for a file on the deny list', async () => {
    await using server = await serve(...answers(GOOD));
    const advice = await advise(input(providerFor(server), { deny: createDenyList(['src/app.ts']) }));
    assertKind(advice, 'knowledge');
    assert.equal(server.requests.length, 0);
  });

  it('shows the exact prompt before the first send, and asks once', async () => {
    await using server = await serve(...answers(GOOD));
    const consent = consentOf(false);
    assertKind(await advise(input(providerFor(server), { consent })), 'verified');
    assertKind(await advise(input(providerFor(server), { consent })), 'verified');
    assert.equal(consent.asked.length, 1);
    assert.equal(consent.asked[0]?.destination, server.baseUrl);
    const sent = server.chats[0]?.body?.['messages'] as { role: string; content: string }[];
    assert.equal(consent.asked[0]?.text, sent.map(({ role, content }) => `[${role}]\n${content}`).join('\n\n'));
  });

  it('sends nothing without consent', async () => {
    await using server = await serve(...answers(GOOD));
    assertKind(await advise(input(providerFor(server), { consent: consentOf(false, false) })), 'knowledge');
    assert.equal(server.requests.length, 0);
  });

  it('lets the model repair a draft that fails the exam, and tells it why', async () => {
    await using server = await serve(...answers(USELESS, GOOD));
    const advice = await advise(input(providerFor(server)));
    assertKind(advice, 'verified');
    assert.equal(advice.repairs, 1);
    const messages = server.chats[1]?.body?.['messages'] as { role: string; content: string }[];
    assert.deepEqual(
      messages.map(({ role }) => role),
      ['system', 'user', 'assistant', 'user'],
    );
    assert.match(messages[3]!.content, /The problem is still there/);
  });

  it('stops after two repairs and shows the draft as advice with the reason', async () => {
    await using server = await serve(...answers(USELESS));
    const workspace = workspaceOf({ 'src/app.ts': APP });
    const advice = await advise(input(providerFor(server), { workspace }));
    assertKind(advice, 'advice');
    assert.equal(server.chats.length, 3);
    assert.equal(workspace.exams, 3);
    assert.match(advice.reason, /still there/);
    assert.match(advice.text, /- app\.post\('\/orders', createOrder\);\n\+ app/);
  });

  it('asks once for valid JSON', async () => {
    await using server = await serve(...answers('Just add the guard!', GOOD));
    assertKind(await advise(input(providerFor(server))), 'verified');
    assert.equal(server.chats.length, 2);
  });

  it('shows free text as advice if it stays free text', async () => {
    await using server = await serve(...answers('Just add the guard!'));
    const advice = await advise(input(providerFor(server)));
    assertKind(advice, 'advice');
    assert.equal(advice.text, 'Just add the guard!');
    assert.equal(server.chats.length, 2);
  });

  it('shows the notes of a model that proposes no change', async () => {
    await using server = await serve(...answers('{"summary":"","edits":[],"newFiles":[],"notes":"Needs a decision."}'));
    const advice = await advise(input(providerFor(server)));
    assertKind(advice, 'advice');
    assert.equal(advice.text, 'Needs a decision.');
    assert.equal(server.chats.length, 1);
  });

  it('never examines a draft that is not exact', async () => {
    await using server = await serve(...answers(draft('nowhere', 'x'), draft('requireAuth', 'x')));
    const workspace = workspaceOf({ 'src/app.ts': APP });
    const advice = await advise(input(providerFor(server), { workspace }));
    assertKind(advice, 'advice');
    assert.match(advice.reason, /more than once/);
    assert.equal(workspace.exams, 0);
  });

  it('follows the text as it is when the answer arrives', async () => {
    await using server = await serve({ kind: 'answer', content: GOOD, delayMs: 100 });
    const files = { 'src/app.ts': APP };
    const work = advise(input(providerFor(server), { workspace: workspaceOf(files) }));
    setTimeout(() => {
      files['src/app.ts'] = `// A new first line.\n${APP}`;
    }, 50);
    const advice = await work;
    assertKind(advice, 'verified');
    assert.equal(
      applyChange(files, advice.change)['src/app.ts'],
      `// A new first line.\n${APP.replace(ROUTE, GUARDED)}`,
    );
  });

  it('keeps secrets out of every message, also when exam and model repeat them', async () => {
    const secret = SECRETS['stripe-key']!;
    const app = APP.replace('const app', `const stripe = new Stripe('${secret}');\nconst app`);
    await using server = await serve(
      ...answers(USELESS, `{"edits":[{"file":"src/app.ts","find":"${secret}","replace":"x"}]}`, 'done'),
    );
    const workspace: Workspace = {
      text: async () => app,
      verify: async () => ({ ok: false, reasons: [`Still there beside ${secret}.`] }),
    };
    const finding = findingAt(app, 'src/app.ts', "post('/orders'", { message: `Open route near ${secret}.` });
    await advise(input(providerFor(server), { finding, workspace }));
    assert.ok(server.chats.length >= 3);
    for (const { text } of server.chats) assert.ok(!text.includes(secret.slice(8, 20)), text);
  });

  it('never writes a placeholder into code', async () => {
    const app = APP.replace('const app', `const stripe = new Stripe('${SECRETS['stripe-key']}');\nconst app`);
    await using server = await serve(...answers(draft(ROUTE, `key('<redacted:stripe-key#1>');\n${GUARDED}`)));
    const workspace = workspaceOf({ 'src/app.ts': app });
    const finding = findingAt(app, 'src/app.ts', "post('/orders'");
    const advice = await advise(input(providerFor(server), { finding, workspace }));
    assertKind(advice, 'advice');
    assert.equal(workspace.exams, 0);
  });

  const failures: [string, Behaviour, string][] = [
    ['a wrong key', { kind: 'status', status: 401 }, 'unauthorized'],
    ['too many requests', { kind: 'status', status: 429, headers: { 'retry-after': '60' } }, 'rate-limited'],
    ['a broken server', { kind: 'status', status: 500 }, 'server-error'],
    ['a cut stream', { kind: 'cut', content: '{"summary":' }, 'unreachable'],
    ['a stall', { kind: 'stall', content: '{"summary":' }, 'timeout'],
    ['silence', { kind: 'silent' }, 'timeout'],
    ['an endless answer', { kind: 'endless', piece: 'x'.repeat(500) }, 'too-long'],
    ['an answer cut at the limit', { kind: 'answer', content: '{"summary":"half', finish: 'length' }, 'too-long'],
    ['malformed JSON', { kind: 'malformed-json' }, 'malformed'],
    ['an empty answer', { kind: 'answer', content: '' }, 'malformed'],
    ['a refusal', { kind: 'refusal' }, 'refused'],
  ];
  for (const [name, behaviour, code] of failures) {
    it(`falls back to the knowledge base on ${name}`, async () => {
      await using server = await serve(behaviour);
      const advice = await advise(input(providerFor(server)));
      assertKind(advice, 'knowledge');
      assert.equal(advice.problem?.code, code, advice.reason);
      assert.match(advice.text, /Ask for a caller first/);
      assert.ok(!JSON.stringify(advice).includes(KEY));
    });
  }

  it('uses a complete answer of a stream that ended without saying so', async () => {
    await using server = await serve({ kind: 'ends-early', content: GOOD });
    assertKind(await advise(input(providerFor(server))), 'verified');
  });

  it('is advice only if the exam itself breaks', async () => {
    await using server = await serve(...answers(GOOD));
    const workspace: Workspace = { text: async () => APP, verify: () => Promise.reject(new Error(`secret ${KEY}`)) };
    const advice = await advise(input(providerFor(server), { workspace }));
    assertKind(advice, 'advice');
    assert.equal(advice.reason, 'The change could not be examined.');
  });

  it('can be cancelled while the model, the user or the exam takes its time', async () => {
    const never = new Promise<never>(() => {});
    for (const more of [
      {},
      { consent: { ...consentOf(false), ask: () => never } },
      { workspace: { text: async () => APP, verify: () => never } },
      { workspace: { text: () => never, verify: () => never } },
    ]) {
      await using server = await serve('workspace' in more ? answers(GOOD)[0]! : { kind: 'silent' });
      const started = performance.now();
      const advice = await advise(input(providerFor(server), { ...more, signal: AbortSignal.timeout(150) }));
      assertKind(advice, 'cancelled');
      assert.ok(performance.now() - started < 700);
    }
  });

  const careless: [string, ModelProvider['complete'], string][] = [
    ['never ends', (_, options) => flood(options?.onToken, options?.signal), 'too-long'],
    ['never answers', () => new Promise(() => {}), 'timeout'],
    ['answers without end in one piece', async () => ({ text: 'x'.repeat(1_000_000), finish: 'stop' }), 'too-long'],
    ['throws something of its own', () => Promise.reject(new Error(`with ${KEY}`)), 'server-error'],
  ];
  for (const [name, complete, code] of careless) {
    it(`outlives a provider that ${name}`, async () => {
      const provider: ModelProvider = { id: 'x', label: 'x', destination: 'x', listModels: async () => [], complete };
      const advice = await advise(input(provider, { answerMs: 300 }));
      assertKind(advice, 'knowledge');
      assert.equal(advice.problem?.code, code);
      assert.ok(!JSON.stringify(advice).includes(KEY));
    });
  }

  it('fits a model with a small window and a counter of its own', async () => {
    const prompts: string[] = [];
    const provider: ModelProvider = {
      id: 'editor',
      label: 'tiny',
      destination: 'editor:tiny',
      maxInputTokens: 2400,
      countTokens: async text => Math.ceil(text.length / 3),
      listModels: async () => [],
      complete: async ({ messages }) => {
        prompts.push(messages.map(({ text }) => text).join('\n'));
        return { text: GOOD, finish: 'stop' };
      },
    };
    const app = `${APP}${'// filler line of text\n'.repeat(2000)}`;
    const workspace = workspaceOf({ 'src/app.ts': app });
    assertKind(
      await advise(input(provider, { workspace, finding: findingAt(app, 'src/app.ts', "post('/orders'") })),
      'verified',
    );
    assert.ok(prompts[0]!.length / 3 <= 1200);
  });
});
