import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { FindingView } from '../../src/lsp/protocol.ts';
import { type Behaviour, type ModelServer, startModelServer } from '../harness/model-server.ts';
import { APP, acceptUntil, api, openFile, RULE, reported, until } from './host.ts';

const KEY = 'test-key-of-the-suite';
const FIXED = "res.cookie('session', token, { httpOnly: true, secure: true, sameSite: 'lax' });";
const GOOD = JSON.stringify({
  summary: 'Protect the session cookie',
  edits: [{ file: APP, find: "res.cookie('session', token);", replace: FIXED }],
  newFiles: [],
  notes: '',
});
const USELESS = JSON.stringify({
  summary: 'Nothing of use',
  edits: [
    { file: APP, find: 'res.json({ ok: true });\n});\n\napp.get', replace: 'res.json({ ok: false });\n});\n\napp.get' },
  ],
  newFiles: [],
  notes: '',
});

describe('a change suggested through an OpenAI-compatible endpoint', () => {
  let model: ModelServer;
  let original = '';

  before(async () => {
    model = await startModelServer({ key: KEY, models: ['small'] });
    await configure({ provider: 'openai', baseUrl: model.baseUrl, model: 'small', timeoutSeconds: 3 });
    const { secrets } = await api();
    await secrets.set(new URL(model.baseUrl).origin, KEY);
    original = (await openFile(APP)).document.getText();
  });

  after(async () => {
    await configure({ provider: undefined, baseUrl: undefined, model: undefined, timeoutSeconds: undefined });
    await model.close();
  });

  afterEach(async () => {
    const { document } = await openFile(APP);
    await vscode.workspace.fs.writeFile(document.uri, new TextEncoder().encode(original));
    await vscode.commands.executeCommand('workbench.action.files.revert');
    await until('the fixture as it was', () => reported(APP).length === 1);
  });

  async function suggest(behaviour: Behaviour): Promise<unknown> {
    model.script(behaviour);
    return vscode.commands.executeCommand('underpin.suggestChange', await finding());
  }

  it('shows the exact prompt and sends nothing before it is accepted', async () => {
    model.script({ kind: 'answer', content: GOOD, pieceLength: 40 });
    const answer = vscode.commands.executeCommand('underpin.suggestChange', await finding());
    const preview = await until('the prompt', () =>
      vscode.workspace.textDocuments.find(
        ({ uri }) => uri.scheme === 'underpin' && uri.path.includes('What will be sent'),
      ),
    );
    assert.equal(model.chats.length, 0, 'nothing was sent yet');
    const shown = preview.getText();
    assert.match(shown, /127\.0\.0\.1/);
    const { document } = await openFile(APP);
    await acceptUntil('the request', () => model.chats.length > 0);
    assert.equal(model.chats[0]?.headers.authorization, `Bearer ${KEY}`);
    const sent = ((model.chats[0]?.body?.['messages'] ?? []) as { content: string }[]).map(({ content }) => content);
    assert.ok(sent.length > 0);
    for (const text of sent) assert.ok(shown.includes(text), 'what was shown is what was sent');
    assert.equal(document.getText(), original, 'nothing is changed before the comparison is accepted');
    await acceptUntil('the change', () => document.getText().includes('httpOnly'));
    assert.equal(await answer, 'change');
    await until('no diagnostic', () => reported(APP).length === 0);
    await vscode.commands.executeCommand('undo');
    assert.equal(document.getText(), original, 'one undo takes it back');
  });

  it('becomes advice when the draft does not pass the checks', async () => {
    const before = model.chats.length;
    assert.equal(await suggest({ kind: 'answer', content: USELESS }), 'advice');
    assert.equal(model.chats.length - before, 3, 'one draft and two rounds of repair');
    assert.equal((await openFile(APP)).document.getText(), original);
  });

  for (const [name, behaviour] of Object.entries<Behaviour>({
    'is refused (401)': { kind: 'status', status: 401 },
    'is overloaded (429)': { kind: 'status', status: 429, headers: { 'retry-after': '3600' } },
    'cuts the stream': { kind: 'cut', content: GOOD.slice(0, 30) },
    'stalls until the time is over': { kind: 'stall', content: GOOD.slice(0, 30) },
    'says nothing at all': { kind: 'silent' },
    'answers nonsense': { kind: 'invalid-sse' },
  })) {
    it(`is replaced by the knowledge base when the endpoint ${name}`, async () => {
      assert.equal(await suggest(behaviour), 'knowledge');
      assert.equal((await openFile(APP)).document.getText(), original, 'nothing is lost or changed');
    });
  }

  it('never shows the key', async () => {
    const pages = vscode.workspace.textDocuments.map(document => document.getText()).join('\n');
    assert.doesNotMatch(pages, new RegExp(KEY));
  });
});

async function finding(): Promise<FindingView> {
  const { client } = await api();
  return until('the finding', async () =>
    (await client.request('underpin/findings', {})).find(({ ruleId, file }) => ruleId === RULE && file === APP),
  );
}

async function configure(settings: Readonly<Record<string, unknown>>): Promise<void> {
  const { Global } = vscode.ConfigurationTarget;
  for (const [name, value] of Object.entries(settings)) {
    await vscode.workspace.getConfiguration('underpin.ai').update(name, value, Global);
  }
  // The server reads settings when it is told that they changed.
  const { client } = await api();
  await client.request('underpin/scan', { fresh: false });
}
