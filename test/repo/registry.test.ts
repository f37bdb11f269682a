import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { suite, test } from 'node:test';
import { generate } from '../../src/dev/generate.ts';
import { camelCase } from '../../src/dev/generators.ts';
import { HYGIENE_RULES } from '../../src/engine/findings/hygiene.ts';
import { adapters } from '../../src/engine/frameworks/index.ts';
import { rules } from '../../src/engine/rules/index.ts';
import { ruleInfos } from '../../src/session/reports.ts';

const root = path.resolve(import.meta.dirname, '../..');
const MOST_LINES = 400;
/** Files that may be longer, each with the reason. */
const LONG: Readonly<Record<string, string>> = {
  'test/engine/artefacts/samples.ts': 'sample texts',
};
const ID = /^[a-z0-9]+(?:-[a-z0-9]+)*\/[a-z0-9]+(?:-[a-z0-9]+)*$/;

const own = fs
  .globSync('{src,test,test-host}/**/*.{ts,tsx,mjs,css}', { cwd: root })
  .map(file => file.replaceAll('\\', '/'))
  .filter(file => !/(?:^|\/)(?:node_modules|fixtures|projects)\//.test(file))
  .sort();

test('generated files are current', () => {
  assert.deepEqual(generate({ write: false }), [], 'run npm run generate');
});

suite('invariant 13: one id, five places', () => {
  const named = (pattern: string): string[] =>
    fs
      .globSync(pattern, { cwd: root })
      .map(file =>
        file
          .replaceAll('\\', '/')
          .split('/')
          .slice(-2)
          .join('/')
          .replace(/\.\w+$/, ''),
      )
      .sort();
  const ids = rules.map(({ meta }) => meta.id).sort();

  test('an id is the topic and the name of a defect', () => {
    assert.equal(new Set(ids).size, ids.length);
    for (const id of ids) assert.match(id, ID);
  });

  test('the rule lies in the file of its id and is exported by its name', () => {
    for (const id of ids) {
      const text = fs.readFileSync(path.join(root, `src/engine/rules/${id}.ts`), 'utf8');
      assert.match(text, new RegExp(`^export const ${camelCase(path.basename(id))} =`, 'm'), id);
    }
  });

  test('every rule has a folder of fixtures, and every folder a rule', () => {
    assert.deepEqual(named('test/fixtures/*/*'), ids);
  });

  test('every rule has a page, and every page a rule', () => {
    const hygiene = new Set<string>(HYGIENE_RULES.map(({ id }) => id));
    assert.deepEqual(
      named('knowledge/rules/*/*.md').filter(id => !hygiene.has(id)),
      ids,
    );
  });

  test('the code of a diagnostic and its link are the id', () => {
    for (const { id, docs } of ruleInfos(undefined).filter(info => ids.some(one => one === info.id))) {
      assert.ok(docs.endsWith(`knowledge/rules/${id}.md`), docs);
      assert.ok(fs.existsSync(path.join(root, `knowledge/rules/${id}.md`)), id);
    }
  });
});

suite('adapters', () => {
  test('have an id of their own and a link to what they speak for', () => {
    assert.equal(new Set(adapters.map(({ id }) => id)).size, adapters.length);
    for (const { id, docs, packages, title } of adapters) {
      assert.match(docs, /^https:\/\//, id);
      assert.ok(title !== '', id);
      assert.ok(
        packages.every(name => /^(?:@[\w.-]+\/)?[\w.:/-]+$/.test(name)),
        id,
      );
    }
  });
});

suite('files', () => {
  test('have names in kebab case', () => {
    const wrong = own.filter(file =>
      path
        .basename(file)
        .split('.')
        .some(part => !/^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(part)),
    );
    assert.deepEqual(wrong, []);
  });

  test('are short', () => {
    const long = own.filter(file => lines(file) > MOST_LINES && !isTable(file));
    assert.deepEqual(
      long.filter(file => !(file in LONG)),
      [],
    );
  });

  test('hold half of all code in at most 100 lines', () => {
    const sizes = own
      .filter(file => file.startsWith('src/'))
      .map(lines)
      .sort((a, b) => a - b);
    assert.ok(sizes[sizes.length >> 1]! <= 100, `median ${sizes[sizes.length >> 1]}`);
  });

  test('leave nothing to do without an issue', () => {
    const wrong = own.flatMap(file =>
      fs
        .readFileSync(path.join(root, file), 'utf8')
        .split('\n')
        .flatMap((line, at) =>
          /(?:\/\/|\/\*|^\s*\*).*\b(?:TODO|FIXME|XXX|HACK)\b(?!.*#\d+)/.test(line) ? [`${file}:${at + 1}`] : [],
        ),
    );
    assert.deepEqual(wrong, []);
  });

  test('name no place of one machine', () => {
    const text = fs
      .globSync('{src,knowledge,media,schemas}/**/*.{ts,tsx,mjs,md,json,css}', { cwd: root })
      .filter(file =>
        /(?:^|[\s'"`(])\/(?:home|Users|work|root)\/\w/.test(fs.readFileSync(path.join(root, file), 'utf8')),
      );
    assert.deepEqual(text, []);
  });
});

function lines(file: string): number {
  return fs.readFileSync(path.join(root, file), 'utf8').split('\n').length - 1;
}

/** Stylesheets copied from elsewhere and generated lists are no code. */
function isTable(file: string): boolean {
  return /\bindex\.ts$/.test(file) || file.startsWith('media/');
}
