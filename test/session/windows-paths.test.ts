import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { toFile, toUri } from '../../src/lsp/uris.ts';
import { createSession } from '../../src/session/session.ts';
import { projectFolder } from '../harness/samples.ts';

/** What a host on Windows hands over, given to the edges on any system: inside there is one spelling of a path. */
suite('paths as Windows writes them', () => {
  const root = projectFolder('express-shop');
  const file = 'src/routes/products.ts';
  const windows = 'src\\routes\\products.ts';

  test('a changed document is the file it names', async () => {
    const session = createSession({ root });
    const { length } = (await session.scan()).findings.filter(({ span }) => span.file === file);
    assert.ok(length > 0);
    session.applyChanges([{ file: windows, text: '' }]);
    assert.ok((await session.scan()).findings.every(({ span }) => span.file !== file));
    assert.equal(await session.text(file), '');
    session.applyChanges([{ file: `.\\${windows}` }]);
    assert.equal((await session.scan()).findings.filter(({ span }) => span.file === file).length, length);
    session.dispose();
  });

  test('questions about a file find it', async () => {
    const session = createSession({ root });
    assert.equal(await session.text(windows), await session.text(file));
    assert.equal(await session.explain(windows, 0), await session.explain(file, 0));
    session.dispose();
  });

  test('no path that leaves the session has a backslash or names the machine', async () => {
    const session = createSession({ root });
    const { findings, problems } = await session.scan();
    const routes = await session.routes();
    const text = JSON.stringify({
      findings: findings.map(({ span, evidence }) => ({ span, evidence })),
      problems,
      routes,
    });
    assert.doesNotMatch(text, /\\\\/);
    assert.ok(!text.includes(root));
    session.dispose();
  });

  test('a document URI with any spelling of the drive lies in its folder', () => {
    for (const folder of ['file:///c%3A/work/shop', 'file:///c:/work/shop', 'file:///C:/work/shop/']) {
      for (const uri of ['file:///c%3A/work/shop/src/a%20b.ts', 'file:///C:/work/shop/src/a b.ts']) {
        assert.equal(toFile(folder, uri), 'src/a b.ts', `${folder} ${uri}`);
      }
      assert.equal(toFile(folder, 'file:///c:/work/shop2/src/a.ts'), undefined);
      assert.equal(toFile(folder, toUri(folder, 'src/[id]/ä.ts')), 'src/[id]/ä.ts');
    }
  });
});
