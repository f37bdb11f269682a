import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createDenyList } from '../../../src/advisor/deny.ts';
import type { Config } from '../../../src/engine/config/config.ts';
import { configLookup } from '../../../src/engine/config/lookup.ts';

function lookup(configs: Readonly<Record<string, Config>>) {
  return configLookup(new Map(Object.entries(configs)));
}

const both = lookup({
  '': {
    minConfidence: 'high',
    guards: ['requireUser'],
    exclude: ['gen'],
    rules: { 'a/x': 'error', 'a/y': { severity: 'hint', confidence: 'low' } },
    facts: { externalTracing: true },
    overrides: [{ files: ['**/*.spec.ts'], rules: { 'a/x': 'off' } }],
  },
  'packages/api': {
    minConfidence: 'low',
    rules: { 'a/x': 'info' },
    facts: { externalAuth: true },
    overrides: [
      { files: ['scripts/**'], minConfidence: 'medium' },
      { files: ['scripts/danger.ts'], rules: { 'a/x': { severity: 'error' } } },
    ],
  },
});

test('the nearest file wins, key by key and rule by rule', () => {
  const near = both.settingsOf('packages/api/src/a.ts');
  assert.equal(near.minConfidence, 'low');
  assert.deepEqual(near.rule('a/x'), { enabled: true, severity: 'info' });
  assert.deepEqual(near.rule('a/y'), { enabled: true, severity: 'hint', confidence: 'low' });
  assert.deepEqual(near.rule('a/z'), {});

  const config = both.configOf('packages/api/src');
  assert.deepEqual(config.guards, ['requireUser']);
  assert.deepEqual(config.facts, { externalTracing: true, externalAuth: true });
});

test('a folder with a longer name of the same beginning is not inside', () => {
  assert.equal(both.settingsOf('packages/api2/a.ts').minConfidence, 'high');
});

test('overrides are relative to their file, and the later one wins', () => {
  assert.equal(both.settingsOf('a.spec.ts').rule('a/x').enabled, false);
  assert.equal(both.settingsOf('packages/api/scripts/b/c.ts').minConfidence, 'medium');
  assert.equal(both.settingsOf('scripts/c.ts').minConfidence, 'high');
  assert.deepEqual(both.settingsOf('packages/api/scripts/danger.ts').rule('a/x'), { enabled: true, severity: 'error' });
});

test('a glob without a slash matches at any depth, and a folder means what is in it', () => {
  assert.equal(both.settingsOf('src/gen/a.ts').reported, false);
  assert.equal(both.settingsOf('src/generated.ts').reported, true);
  const dots = lookup({ '': { exclude: ['/.github/', './tools/x.ts'] } });
  assert.equal(dots.settingsOf('.github/workflows/ci.yml').reported, false);
  assert.equal(dots.settingsOf('tools/x.ts').reported, false);
});

test('include narrows what is reported', () => {
  const { settingsOf } = lookup({ '': { include: ['src/**'], exclude: ['src/old/**'] } });
  assert.deepEqual(
    ['src/a.ts', 'src/old/a.ts', 'b.ts'].map(file => settingsOf(file).reported),
    [true, false, false],
  );
});

test('without any file the defaults hold', () => {
  const { settingsOf, configOf } = lookup({});
  assert.equal(settingsOf('a.ts').minConfidence, 'medium');
  assert.equal(settingsOf('a.ts').reported, true);
  assert.deepEqual(configOf(''), {});
});

test('settings from above the workspace count below their own, with paths seen from there', () => {
  const own = new Map([['', { failOn: 'warning' }]] as const);
  const above = {
    failOn: 'never',
    baseline: 'accepted.jsonl',
    minConfidence: 'high',
    guards: ['packages/api/src/auth.ts#check', 'packages/web/auth.ts#check', 'check'],
    flow: { sources: [{ call: 'packages/api/src/read.ts#read' }] },
    ai: { deny: ['*.sql', '/packages/api/plans/', 'packages'] },
    overrides: [{ files: ['packages/api/src/**'], minConfidence: 'low' }],
  } as const;
  const { configOf, settingsOf } = configLookup(own, [{ prefix: 'packages/api', config: above }]);
  const config = configOf('');
  assert.equal(config.failOn, 'warning');
  assert.equal(config.baseline, undefined, 'it names files from its own folder');
  assert.deepEqual(config.guards, ['src/auth.ts#check', 'packages/web/auth.ts#check', 'check']);
  assert.deepEqual(config.flow?.sources, [{ call: 'src/read.ts#read' }]);
  assert.deepEqual(config.ai?.deny, ['*.sql', '/plans/', '**']);
  assert.equal(settingsOf('src/a.ts').minConfidence, 'low');
  assert.equal(settingsOf('a.ts').minConfidence, 'high');
});

test('what no prompt may hold is gathered from all files, each counting from its own folder', () => {
  const { denied } = lookup({
    '': { ai: { deny: ['*.sql'] } },
    'apps/[id]': { ai: { deny: ['plans/', '/src/rates.ts', '!open.sql'] } },
  });
  const { isDenied } = createDenyList(denied);
  for (const file of ['a.sql', 'apps/[id]/b.sql', 'apps/[id]/deep/plans/x.ts', 'apps/[id]/src/rates.ts'])
    assert.ok(isDenied(file), file);
  for (const file of ['plans/x.ts', 'src/rates.ts', 'apps/[id]/deep/src/rates.ts', 'apps/[id]/open.sql'])
    assert.ok(!isDenied(file), file);
});
