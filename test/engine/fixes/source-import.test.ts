import assert from 'node:assert/strict';
import test, { suite } from 'node:test';
import { extract } from '../../../src/engine/facts/extract.ts';
import { applyEdits } from '../../../src/engine/fixes/exam.ts';
import { type ImportWish, insertImport } from '../../../src/engine/fixes/source-import.ts';

function imported(text: string, wish: ImportWish, file = 'a.ts'): [string, string] | undefined {
  const result = insertImport(file, text, extract(file, text), wish);
  return result && [result.local, applyEdits(text, result.edits)];
}

const RANDOM: ImportWish = { module: 'node:crypto', name: 'randomBytes' };

suite('insertImport', () => {
  test('adds an import after the last one in the style of the file', () => {
    assert.deepEqual(imported('import a from "a"\nimport b from "b"\n\na(b)\n', RANDOM), [
      'randomBytes',
      'import a from "a"\nimport b from "b"\nimport { randomBytes } from "node:crypto"\n\na(b)\n',
    ]);
  });

  test('extends a named import of the module', () => {
    assert.deepEqual(imported("import { createHash } from 'crypto';\n", RANDOM), [
      'randomBytes',
      "import { createHash, randomBytes } from 'crypto';\n",
    ]);
  });

  test('does not extend an import of types', () => {
    assert.equal(
      imported("import type { Hash } from 'crypto';\n", RANDOM)?.[1],
      "import type { Hash } from 'crypto';\nimport { randomBytes } from 'crypto';\n",
    );
  });

  test('uses what is imported already', () => {
    const named = "import { randomBytes as random } from 'crypto';\n";
    assert.deepEqual(imported(named, RANDOM), ['random', named]);
    const whole = "import * as crypto from 'crypto';\n";
    assert.deepEqual(imported(whole, RANDOM), ['crypto.randomBytes', whole]);
    const required = "const crypto = require('crypto');\n";
    assert.deepEqual(imported(required, RANDOM, 'a.js'), ['crypto.randomBytes', required]);
  });

  test('requires in a CommonJS file', () => {
    assert.deepEqual(imported("'use strict';\nconst a = require('a');\n\na();\n", RANDOM, 'a.js'), [
      'randomBytes',
      "'use strict';\nconst a = require('a');\nconst { randomBytes } = require('node:crypto');\n\na();\n",
    ]);
  });

  test('extends what a CommonJS file takes out of the module', () => {
    assert.deepEqual(
      imported('const { join } = require("path");\n', { module: 'node:path', name: 'basename' }, 'a.js'),
      ['basename', 'const { join, basename } = require("path");\n'],
    );
    const renamed = "const { join: put } = require('node:path')\n";
    assert.equal(
      imported(renamed, { module: 'node:path', name: 'sep', local: 'slash' }, 'a.js')?.[1],
      "const { join: put, sep: slash } = require('node:path')\n",
    );
  });

  test('names modules of Node as the file does', () => {
    assert.equal(
      imported("import fs from 'fs'\n", RANDOM)?.[1],
      "import fs from 'fs'\nimport { randomBytes } from 'crypto'\n",
    );
    assert.equal(
      imported("import fs from 'node:fs'\nimport os from 'os'\n", RANDOM)?.[1],
      "import fs from 'node:fs'\nimport os from 'os'\nimport { randomBytes } from 'node:crypto'\n",
    );
  });

  test('sees names that are taken apart at the top level', () => {
    assert.equal(imported("const { randomBytes } = require('./own');\n", RANDOM, 'a.js'), undefined);
  });

  test('starts a file without imports after its directives', () => {
    assert.equal(
      imported(
        "#!/usr/bin/env node\n'use strict';\nrun();\n",
        { module: 'pg', name: 'default', local: 'pg' },
        'a.cjs',
      )?.[1],
      "#!/usr/bin/env node\n'use strict';\nconst pg = require('pg');\n\nrun();\n",
    );
  });

  test('gives up where the name is taken', () => {
    assert.equal(imported('const randomBytes = 1;\n', RANDOM), undefined);
  });
});
