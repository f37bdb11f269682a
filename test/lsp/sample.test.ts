import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import type { Hover, WorkspaceEdit } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { AiAnswer, FindingView, TrendsOfFolder } from '../../src/lsp/protocol.ts';
import { type Behaviour, startModelServer } from '../harness/model-server.ts';
import { type Client, startClient } from './client.ts';

const SAMPLE = path.join(import.meta.dirname, '../projects/express-shop');

function sample(): Record<string, string> {
  const files = fs.globSync('**/*', { cwd: SAMPLE, exclude: ['**/node_modules/**'] });
  const hidden = fs.globSync('.github/**/*', { cwd: SAMPLE });
  return Object.fromEntries(
    [...files, ...hidden]
      .filter(file => fs.statSync(path.join(SAMPLE, file)).isFile())
      .map(file => [file.replaceAll('\\', '/'), fs.readFileSync(path.join(SAMPLE, file), 'utf8')]),
  );
}

const findingsOf = (client: Client): Promise<FindingView[]> => client.request('underpin/findings', {});

async function find(client: Client, ruleId: string, file: string): Promise<FindingView> {
  const finding = (await findingsOf(client)).find(each => each.ruleId === ruleId && each.file === file);
  assert.ok(finding, `${ruleId} in ${file}`);
  return finding;
}

/** Writes an edit to disk as a client would, and says so. */
async function apply(client: Client, edit: WorkspaceEdit | null): Promise<void> {
  for (const change of edit?.documentChanges ?? []) {
    assert.ok('edits' in change);
    const { uri } = change.textDocument;
    const file = new URL(uri);
    const document = TextDocument.create(uri, '', 1, fs.readFileSync(file, 'utf8'));
    fs.writeFileSync(file, TextDocument.applyEdits(document, change.edits as never));
    await client.connection.sendNotification('workspace/didChangeWatchedFiles', { changes: [{ uri, type: 2 }] });
  }
}

describe('the sample shop in an editor', () => {
  it('silences a finding with a comment of the language it is in', async () => {
    await using client = await startClient({ files: sample(), built: true });
    for (const [ruleId, file, comment] of [
      ['security/missing-auth', 'src/routes/products.ts', '// underpin-ignore security/missing-auth -- behind the VPN'],
      ['drift/pid1-signal', 'Dockerfile', '# underpin-ignore drift/pid1-signal -- behind the VPN'],
      ['drift/port-mismatch', 'k8s/service.yaml', '# underpin-ignore drift/port-mismatch -- behind the VPN'],
    ] as const) {
      const { folder, fingerprint, range } = await find(client, ruleId, file);
      const params = { folder, fingerprint, reason: 'behind the VPN' };
      await apply(client, await client.request('underpin/suppress', params));
      const line = fs.readFileSync(path.join(client.root, file), 'utf8').split('\n')[range.start.line];
      assert.equal(line?.trim(), comment);
      assert.ok(!(await findingsOf(client)).some(each => each.fingerprint === fingerprint), `${ruleId} is silent`);
    }
  });

  it('says what a rule is about wherever it reports', async () => {
    await using client = await startClient({ files: sample(), built: true });
    for (const { uri, range, ruleId } of await findingsOf(client)) {
      const hover = await client.request<Hover>('textDocument/hover', { textDocument: { uri }, position: range.start });
      const { value } = hover.contents as { value: string };
      const parts = value.split('\n\n---\n\n').find(part => part.includes(ruleId.replace('_', '\\_')));
      assert.ok((parts?.split('\n\n').length ?? 0) >= 3, `title, summary and rule of ${ruleId}:\n${value}`);
    }
  });

  it('does not call a finding missing that a trend lists as open', async () => {
    await using client = await startClient({ files: sample(), built: true });
    const [folder] = await client.request<TrendsOfFolder[]>('underpin/trends', {});
    const security = folder?.trends.find(({ id }) => id === 'security');
    assert.ok(security && security.open > 0 && security.nextSteps.length > 0);
    for (const { uri, message } of security.evidenceAgainst)
      assert.ok(!security.findings.some(each => each.uri === uri && each.message === message), message);
  });
});

describe('a change drafted by a model for the sample shop', () => {
  const RULE = 'security/weak-password-hash';
  const FILE = 'src/routes/auth.ts';

  const WEAK = "createHash('md5').update(password).digest('hex') === user.legacy_hash";
  const SLOW = 'bcrypt.compare(password, user.legacy_hash)';

  async function suggest(behaviour: Behaviour, work: (answer: AiAnswer, client: Client) => Promise<void>) {
    await using model = await startModelServer({ models: ['small'] });
    model.script(behaviour);
    await using client = await startClient({
      files: sample(),
      built: true,
      settings: { ai: { provider: 'openai', baseUrl: model.baseUrl, model: 'small', timeoutSeconds: 20 } },
      initializationOptions: { underpin: true },
      answers: { 'underpin/consent': () => true, 'underpin/secret': () => null },
    });
    const { folder, fingerprint } = await find(client, RULE, FILE);
    await work(await client.request('underpin/ai/suggest', { folder, fingerprint, progress: 'x' }), client);
    assert.equal(model.pending, 0);
  }

  const draft = (find: string, replace: string): Behaviour => ({
    kind: 'answer',
    content: JSON.stringify({
      summary: 'Hash slowly',
      edits: [{ file: FILE, find, replace }],
      newFiles: [],
      notes: '',
    }),
    pieceLength: 50,
  });

  it('is offered after the exam and ends the finding', async () => {
    await suggest(draft(WEAK, SLOW), async (answer, client) => {
      assert.equal(answer.kind, 'change', JSON.stringify(answer));
      assert.ok(answer.kind === 'change');
      const before = (await findingsOf(client)).length;
      await apply(client, answer.edit);
      assert.match(fs.readFileSync(path.join(client.root, FILE), 'utf8'), /compare\(password, user\.legacy_hash\)/);
      const after = await findingsOf(client);
      assert.equal(after.length, before - 1);
      assert.ok(!after.some(({ ruleId }) => ruleId === RULE));
    });
  });

  it('is only advice, with the reason, when the finding would stay', async () => {
    await suggest(draft(WEAK, WEAK.replace('md5', 'sha1')), async (answer, client) => {
      assert.ok(answer.kind === 'advice', JSON.stringify(answer));
      assert.match(answer.reason, /finding/i);
      assert.equal(
        fs.readFileSync(path.join(client.root, FILE), 'utf8'),
        fs.readFileSync(path.join(SAMPLE, FILE), 'utf8'),
      );
    });
  });

  it('is only advice when it would break the file', async () => {
    await suggest(draft(WEAK, `${WEAK} {{`), async answer => {
      assert.ok(answer.kind === 'advice', JSON.stringify(answer));
      assert.match(answer.reason, /pars|syntax/i);
    });
  });
});
