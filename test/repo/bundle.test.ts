import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { before, describe, it } from 'node:test';
import type { Metafile } from 'esbuild';
import { ensurePackaged } from '../../src/dev/fresh.ts';
import { dist, root, vsix } from '../../src/dev/paths.ts';

const MAX_VSIX_BYTES = 5 * 1024 * 1024;
const MAX_EXTENSION_BYTES = 150 * 1024;
const NOT_IN_EXTENSION = ['ts-morph', '@ts-morph/common', 'typescript', 'openai', 'zod'];

interface Meta {
  readonly extension: Metafile;
  readonly node: Metafile;
}

describe('the package', () => {
  let meta: Meta;

  before(async () => {
    await ensurePackaged();
    meta = JSON.parse(fs.readFileSync(path.join(dist, 'meta.json'), 'utf8'));
  });

  it('holds only what runs', test => {
    const entries = listArchive(fs.readFileSync(vsix));
    for (const { name, size } of entries) test.diagnostic(`${String(size).padStart(9)}  ${name}`);
    const own = entries.filter(({ name }) => name.startsWith('extension/'));
    const files = own.map(({ name }) => name.slice('extension/'.length));
    const expected = [
      /^(package\.json|readme\.md|changelog\.md|LICENSE\.txt)$/,
      /^dist\/(extension\.cjs|(server|cli|worker|mcp)\.js|knowledge\.json)$/,
      /^dist\/knowledge\/[a-z0-9-]+\.json$/,
      /^dist\/chunks\/[\w.-]+\.js$/,
      /^media\/[\w/-]+\.(js|css|svg|png|ttf)$/,
      /^media\/[\w/-]+\.md$/,
      /^schemas\/[\w.-]+\.json$/,
    ];
    const strangers = files.filter(file => !expected.some(pattern => pattern.test(file)));
    assert.deepEqual(strangers, []);
    for (const file of ['dist/extension.cjs', 'dist/server.js', 'dist/cli.js', 'dist/worker.js', 'LICENSE.txt']) {
      assert.ok(files.includes(file), `${file} is missing`);
    }
  });

  it('is at most 5 MB', () => {
    const size = fs.statSync(vsix).size;
    assert.ok(size <= MAX_VSIX_BYTES, `${size} bytes`);
  });

  it('has a small bundle for the extension host', () => {
    const size = fs.statSync(path.join(dist, 'extension.cjs')).size;
    assert.ok(size <= MAX_EXTENSION_BYTES, `${size} bytes`);
  });

  it('keeps engine, model client and schema library out of the extension host', () => {
    const found = packagesIn(Object.keys(meta.extension.inputs)).filter(name => NOT_IN_EXTENSION.includes(name));
    assert.deepEqual(found, []);
  });

  it('carries one TypeScript', () => {
    const compilers = Object.values(meta.node.outputs).flatMap(({ inputs }) =>
      Object.keys(inputs).filter(file => /(^|\/)(typescript|tsc|tsserver)(library)?\.js$/.test(file)),
    );
    assert.equal(compilers.length, 1, compilers.join(', '));
  });

  it('loads the model client only on use', () => {
    const entry = 'dist/cli.js';
    const eager = reachable(meta.node, entry);
    const inputs = [...eager].flatMap(file => Object.keys(meta.node.outputs[file]?.inputs ?? {}));
    assert.ok(!packagesIn(inputs).includes('openai'));
  });

  it('has a command line that does not know VS Code and starts on the Node of the caller', () => {
    const imports = Object.values(meta.node.outputs).flatMap(output => output.imports.map(entry => entry.path));
    assert.ok(!imports.includes('vscode'));
    const node = process.env['npm_node_execpath'] ?? process.execPath;
    const version = execFileSync(node, [path.join(dist, 'cli.js'), '--version'], { encoding: 'utf8' });
    const manifest = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'));
    assert.equal(version.trim(), manifest.version);
  });
});

/** Names and packed sizes in bytes from a zip archive's directory, which lies at its end. */
function listArchive(zip: Buffer): { name: string; size: number }[] {
  const end = zip.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  const entries: { name: string; size: number }[] = [];
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left--) {
    const nameLength = zip.readUInt16LE(at + 28);
    const name = zip.toString('utf8', at + 46, at + 46 + nameLength);
    entries.push({ name, size: zip.readUInt32LE(at + 20) });
    at += 46 + nameLength + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  return entries;
}

function packagesIn(inputs: readonly string[]): string[] {
  const names = inputs.map(file => /(?:^|.*\/)node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1]);
  return [...new Set(names.filter(name => name !== undefined))];
}

/** The output files that are read at start, without those behind an `import()`. */
function reachable({ outputs }: Metafile, entry: string, seen = new Set<string>()): Set<string> {
  if (seen.has(entry)) return seen;
  seen.add(entry);
  for (const { path: file, kind } of outputs[entry]?.imports ?? []) {
    if (kind === 'import-statement' && outputs[file]) reachable({ inputs: {}, outputs }, file, seen);
  }
  return seen;
}
