import assert from 'node:assert/strict';
import fs from 'node:fs';
import { builtinModules } from 'node:module';
import path from 'node:path';
import { suite, test } from 'node:test';
import { extract } from '../../src/engine/facts/extract.ts';
import { type FileFacts, GLOBAL } from '../../src/engine/model/facts.ts';

/** Who may import whom; the same directions as in `src/ARCHITECTURE.md`. `api` stands for `src/session/api.ts`. */
const MAY_IMPORT: Readonly<Record<string, string>> = {
  common: '',
  'engine/model': 'common',
  'engine/syntax': 'engine/model',
  'engine/facts': 'common engine/model engine/syntax',
  'engine/artefacts': 'common engine/model',
  'engine/config': 'common engine/model',
  'engine/baseline': 'common engine/model',
  'engine/findings': 'common engine/model engine/config engine/baseline',
  'engine/frameworks': 'common engine/model engine/link',
  'engine/link': 'common engine/model engine/config engine/frameworks engine/flow',
  'engine/queries': 'common engine/model engine/config engine/link engine/frameworks engine/flow',
  'engine/flow': 'common engine/model engine/link engine/frameworks',
  'engine/fixes': 'common engine/model engine/syntax engine/link engine/queries engine/flow engine/rules',
  'engine/rules': 'common engine/model engine/link engine/queries engine/flow engine/fixes',
  engine:
    'common engine/model engine/syntax engine/facts engine/artefacts engine/config engine/baseline engine/findings engine/frameworks engine/link engine/fixes engine/rules',
  knowledge: 'common engine/model',
  trends: 'common engine/model engine/link engine/queries knowledge api',
  session:
    'common engine engine/model engine/syntax engine/facts engine/artefacts engine/config engine/baseline engine/findings engine/link engine/queries engine/fixes engine/rules knowledge trends',
  report: 'common engine/model api',
  advisor: 'common engine/model knowledge',
  lsp: 'common engine/model engine/config engine/baseline engine/findings session knowledge advisor report',
  mcp: 'common engine/model engine/config session knowledge advisor report',
  cli: 'common engine/model engine/config engine/baseline engine/findings session knowledge report',
  vscode: 'common engine/model session lsp',
  'extension.ts': 'vscode lsp',
  'cli.ts': 'cli session knowledge lsp',
  'server.ts': 'lsp session knowledge',
  'mcp.ts': 'mcp session knowledge',
  'worker.ts': 'engine',
};

/** Packages and Node modules with a reach of their own, and the only places that may use them. */
const ONLY_IN: readonly (readonly [module: RegExp, places: RegExp])[] = [
  [/^typescript$/, /^$/],
  [/^ts-morph$/, /^src\/engine\/syntax\/ts\.ts$/],
  [/^vscode$/, /^src\/(?:extension\.ts$|vscode\/)/],
  [/^openai(?:\/|$)/, /^src\/advisor\/openai(?:-errors)?\.ts$/],
  [/^node:fs(?:\/|$)/, /^src\/(?:session\/|cli\.ts$|cli\/|server\.ts$|mcp\.ts$|lsp\/|dev\/)/],
  [/^node:worker_threads$/, /^src\/(?:session\/|worker\.ts$)/],
  [/^node:child_process$/, /^src\/(?:session\/|vscode\/|dev\/)/],
  [/^node:(?:net|http|https|http2|tls|dgram|dns)(?:\/|$)|^(?:undici|axios|ws)$/, /^$/],
  [/^vscode-languageserver(?:\/|$)/, /^src\/(?:lsp|vscode)\//],
  [/^vscode-languageclient/, /^src\/vscode\//],
  [/^preact(?:\/|$)/, /^src\/vscode\/views\//],
];

/** What pure code must not reach for: the clock, the machine, the network, chance, the console. */
const IMPURE = new Set(
  'process console fetch XMLHttpRequest WebSocket EventSource Date performance setTimeout setInterval setImmediate queueMicrotask require __dirname __filename localStorage navigator'.split(
    ' ',
  ),
);
const FRAMEWORKS =
  /\b(?:express|fastify|nestjs|koa|hapi|hono|prisma|typeorm|mongoose|sequelize|knex|drizzle|apollo|mercurius|supabase|stripe|passport|jsonwebtoken|helmet|kafkajs|amqplib|bullmq|ioredis)\b/i;

const root = path.resolve(import.meta.dirname, '../..');
const sources = fs
  .globSync('src/**/*.{ts,tsx,mjs}', { cwd: root })
  .map(file => file.replaceAll('\\', '/'))
  .filter(file => !file.startsWith('src/dev/'))
  .sort();
const factsOf = new Map<string, FileFacts>(
  sources.map(file => [file, extract(file, fs.readFileSync(path.join(root, file), 'utf8'))]),
);

suite('one direction', () => {
  test('every folder is in the table, and every line of the table is a folder', () => {
    const layers = new Set(sources.map(layerOf));
    assert.deepEqual(
      [...layers].filter(layer => !(layer in MAY_IMPORT)),
      [],
    );
  });

  for (const [layer, allowed] of Object.entries(MAY_IMPORT)) {
    test(`${layer} imports ${allowed || 'nothing of ours'}`, () => {
      const known = new Set([layer, ...allowed.split(' ')]);
      const wrong = sources
        .filter(file => layerOf(file) === layer)
        .flatMap(file => importsOf(file).map(target => ({ file, target })))
        .filter(({ target }) => target.startsWith('src/'))
        .filter(({ target }) => !known.has(layerOf(target)) && !(target === 'src/session/api.ts' && known.has('api')))
        .map(({ file, target }) => `${file} → ${target}`);
      assert.deepEqual(wrong, []);
    });
  }

  test('what is shipped imports neither tests nor build scripts', () => {
    const wrong = sources.filter(file => importsOf(file).some(target => /^(?:test|test-host|src\/dev)\//.test(target)));
    assert.deepEqual(wrong, []);
  });

  test('adapters and rules do not import each other', () => {
    const peers = /^src\/engine\/(?:rules\/\w[\w-]*\/|frameworks\/(?!adapter|registry|index))[\w-]+\.ts$/;
    const names = new Set(
      [...factsOf].flatMap(([file, { exports }]) =>
        peers.test(file) && exports.some(({ name }) => name === camelCase(path.basename(file, '.ts'))) ? [file] : [],
      ),
    );
    const wrong = [...names].flatMap(file =>
      importsOf(file)
        .filter(target => names.has(target))
        .map(target => `${file} → ${target}`),
    );
    assert.deepEqual(wrong, []);
  });
});

/** Frameworks that really stand on another one, and so read what it says. */
const STANDS_ON = new Set([
  'nest → graphql',
  'nest → ts-rest',
  'nitro → h3',
  'ts-rest → next',
  'next-safe-action → next',
  'nexus → graphql',
  'pothos → graphql',
  'type-graphql → graphql',
  'routing-controllers → controllers',
  'tsoa → controllers',
  'inversify-express-utils → controllers',
  'aws-lambda → aws',
]);

test('what adapters share is at home in frameworks/shared', () => {
  const found = new Set(
    sources.flatMap(file => {
      const owner = adapterOf(file);
      return owner === undefined ? [] : importsOf(file).flatMap(target => leadsOut(owner, folderIn(target)));
    }),
  );
  assert.deepEqual([...found].filter(pair => !STANDS_ON.has(pair)).sort(), []);
  assert.deepEqual([...STANDS_ON].filter(pair => !found.has(pair)).sort(), []);
});

/** `frameworks/nest/judge.ts` and `frameworks/nest.ts` belong to `nest`. */
function adapterOf(file: string): string | undefined {
  const own = /^src\/engine\/frameworks\/(?:([\w-]+)\/|([\w-]+)\.ts$)/.exec(file);
  return own?.[1] ?? own?.[2];
}

function folderIn(target: string): string | undefined {
  return /^src\/engine\/frameworks\/([\w-]+)\//.exec(target)?.[1];
}

function leadsOut(owner: string, folder: string | undefined): string[] {
  return folder === undefined || folder === owner || folder === 'shared' ? [] : [`${owner} → ${folder}`];
}

suite('packages stay where they belong', () => {
  for (const [module, places] of ONLY_IN) {
    test(`${module.source} only in ${places.source}`, () => {
      const wrong = sources
        .filter(file => importsOf(file).some(target => module.test(target)) && !places.test(file))
        .sort();
      assert.deepEqual(wrong, []);
    });
  }

  test('every package is a dependency, and Node modules have their prefix', () => {
    const { dependencies } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'));
    const types = new Set(['sarif', 'vscode']);
    for (const file of sources) {
      for (const target of importsOf(file)) {
        if (/^(?:src\/|node:|package\.json$)/.test(target) || types.has(target)) continue;
        assert.ok(!builtinModules.includes(target), `${file} imports ${target} without node:`);
        const name = target.split('/', target.startsWith('@') ? 2 : 1).join('/');
        assert.ok(name in dependencies, `${file} imports ${target}`);
      }
    }
  });

  test('relative imports have their suffix', () => {
    for (const [file, { dependencies }] of factsOf) {
      for (const { module } of dependencies) if (module.startsWith('.')) assert.match(module, /\.(?:tsx?|json)$/, file);
    }
  });
});

test('the engine is pure: no clock, machine, network or chance', () => {
  const impure = [...factsOf]
    .filter(([file]) => /^src\/(?:engine|common|report|trends|knowledge)\//.test(file))
    .flatMap(([file, facts]) => globalsOf(facts).flatMap(name => (IMPURE.has(name) ? [`${file}: ${name}`] : [])));
  assert.deepEqual(impure, []);
});

suite('invariant 5: rules read the Model only', () => {
  const ruleFiles = sources.filter(one => one.startsWith('src/engine/rules/'));

  test('no rule sees syntax', () => {
    const seeing = /^src\/engine\/(?:syntax|facts)\/|^ts-morph$/;
    assert.deepEqual(
      ruleFiles.filter(file => importsOf(file).some(target => seeing.test(target))),
      [],
    );
  });

  test('no rule names a framework or a library', () => {
    const named = ruleFiles.flatMap(file =>
      fs
        .readFileSync(path.join(root, file), 'utf8')
        .split('\n')
        .flatMap((line, at) => (FRAMEWORKS.test(line) ? [`${file}:${at + 1} ${line.trim()}`] : [])),
    );
    assert.deepEqual(named, []);
  });
});

suite('sources follow the house style', () => {
  test('no enum, namespace or default export', () => {
    for (const [file, { types, exports }] of factsOf) {
      assert.ok(!types.some(({ kind }) => kind === 'enum'), file);
      assert.ok(!exports.some(({ name }) => name === 'default'), file);
    }
  });
});

/** `src/engine/link/x.ts` → `engine/link`, `src/engine/engine.ts` → `engine`, `src/cli.ts` → `cli.ts`. */
function layerOf(file: string): string {
  const [, first = '', second, third] = file.split('/');
  if (first !== 'engine') return first;
  return third === undefined ? 'engine' : `engine/${second}`;
}

/** What a file imports: files of the repository by path, packages by name. */
function importsOf(file: string): string[] {
  return factsOf
    .get(file)!
    .dependencies.map(({ module }) =>
      module.startsWith('.') ? path.posix.join(path.posix.dirname(file), module) : module,
    );
}

/** Names of the surrounding world that a file mentions, wherever it does. */
function globalsOf(facts: FileFacts): string[] {
  const found = new Set<string>();
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    const { k, s, n } = value as { k?: unknown; s?: unknown; n?: unknown };
    if (k === 'id' && s === GLOBAL && typeof n === 'string') found.add(n);
    for (const one of Object.values(value)) visit(one);
  };
  visit(facts.functions);
  visit(facts.classes);
  return [...found].sort();
}

function camelCase(name: string): string {
  return name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}
