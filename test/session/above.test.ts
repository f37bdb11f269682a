import assert from 'node:assert/strict';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { discover } from '../../src/session/discover.ts';
import { createSession } from '../../src/session/session.ts';
import { folderWith } from '../harness/cli.ts';

const APP = `import express from 'express';
const app = express();
app.get('/run', (req, res) => res.json(eval(String(req.query.code))));
app.listen(3000);
`;
const PART = {
  '.git/HEAD': '',
  'packages/api/package.json': '{"dependencies":{"express":"5.0.0"}}',
  'packages/api/src/app.ts': APP,
  'packages/api/src/generated/app.ts': APP,
};

async function filesOfFindings(root: string): Promise<readonly string[]> {
  const session = createSession({ root });
  const { findings } = await session.scan();
  session.dispose();
  return findings.filter(({ ruleId }) => ruleId === 'security/code-injection').map(({ span }) => span.file);
}

suite('a part of a repository that is scanned by itself', () => {
  test('leaves out what the repository ignores', t => {
    const root = folderWith(t, { ...PART, '.gitignore': 'generated/\n/packages/api/package.json\n' });
    assert.deepEqual(
      discover(join(root, 'packages/api')).files.map(({ path }) => path),
      ['src/app.ts'],
    );
    const ignored = discover(join(root, 'packages/api/src/generated'));
    assert.equal(ignored.files.length, 1, 'somebody asked for what is ignored as a whole');
  });

  test('obeys the settings of the repository, whose paths are its own', async t => {
    const settings = (value: object) => ({ 'underpin.config.jsonc': JSON.stringify(value) });
    const scan = async (files: Readonly<Record<string, string>>) =>
      filesOfFindings(join(folderWith(t, { ...PART, ...files }), 'packages/api'));
    assert.deepEqual(await scan({}), ['src/app.ts', 'src/generated/app.ts']);
    assert.deepEqual(await scan(settings({ exclude: ['packages/api/src/generated'] })), ['src/app.ts']);
    assert.deepEqual(await scan(settings({ rules: { 'security/code-injection': 'off' } })), []);
    const nearer = { 'packages/api/underpin.config.jsonc': '{ "rules": { "security/code-injection": "error" } }' };
    assert.equal((await scan({ ...settings({ rules: { 'security/code-injection': 'off' } }), ...nearer })).length, 2);
  });

  test('has nothing above it outside of a repository, or at its root', t => {
    const { '.git/HEAD': _, ...loose } = PART;
    const root = folderWith(t, { ...loose, '.gitignore': 'generated/\n', 'packages/api/src/.git/HEAD': '' });
    assert.equal(discover(join(root, 'packages/api')).files.length, 3);
    assert.equal(discover(join(root, 'packages/api/src')).files.length, 2);
  });
});
