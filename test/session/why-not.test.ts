import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { suite, test } from 'node:test';
import type { Config } from '../../src/engine/config/config.ts';
import { configLookup } from '../../src/engine/config/lookup.ts';
import { rules } from '../../src/engine/rules/index.ts';
import { explainSilence } from '../../src/session/why-not.ts';
import { analyseTexts } from '../harness/workspace.ts';

const APP = `import { exec } from 'node:child_process';
import express from 'express';
import { Pool } from 'pg';
import { build } from './build';

const app = express();
const pool = new Pool();

app.get('/a', async (req, res) => {
  await pool.query('select ' + Number(req.query.id));
  await pool.query('select ' + req.query.id);
  // underpin-ignore security/sql-injection -- the database is read-only
  await pool.query('select the second time ' + req.query.id);
  await pool.query('select ' + build(req));
  await pool.query('select 1');
  await build.query(req.query.id);
  res.json({});
});

export function nightly(name: string) {
  return pool.query('select ' + name);
}

app.get('/health', (req, res) => res.json({}));
`;

function ask(words: string, { rule = 'security/sql-injection', config = {}, path = 'src/app.ts' }: Asked = {}): string {
  const texts = new Map([
    ['package.json', '{ "name": "app", "dependencies": { "express": "5.1.0", "pg": "8.0.0" } }'],
    [path, APP],
  ]);
  const lookup = configLookup(new Map([['', config]]));
  const { model, findings } = analyseTexts(texts, { config: lookup });
  const start = APP.indexOf(words);
  assert.notEqual(start, -1);
  return explainSilence({
    model,
    findings,
    rule: rules.find(({ meta }) => meta.id === rule)!,
    settings: lookup.settingsOf(path),
    textOf: file => texts.get(file),
    file: path,
    at: { file: path, start: APP.lastIndexOf('\n', start) + 1, end: APP.indexOf('\n', start) },
  });
}

interface Asked {
  readonly rule?: string;
  readonly config?: Config;
  readonly path?: string;
}

suite('why a rule is silent', () => {
  test('the place and the rule are named first', () =>
    assert.match(ask('Number(req'), /^src\/app\.ts:10 {2}security\/sql-injection\n {2}\S/));

  test('what made the value harmless, with its place', () =>
    assert.match(
      ask('Number(req'),
      /`req\.query\.id` \(src\/app\.ts:10\) reaches `query`, but .+ \(src\/app\.ts:10\)/,
    ));

  test('it is not silent', () => assert.match(ask("'select ' + req"), /It reports here: `req\.query\.id`/));

  test('an ignore comment, with its reason', () =>
    assert.match(
      ask('the second time'),
      /The ignore comment at src\/app\.ts:12 accepts it \(the database is read-only\)/,
    ));

  test('what a call gives is not known', () =>
    assert.match(ask('build(req)'), /What `build` gives \(src\/app\.ts:14\) is not known/));

  test('nothing a sender chose gets there', () =>
    assert.match(ask("'select 1'"), /`pool\.query` is reached on the way of GET \/a, but no value/));

  test('what is called is not known', () =>
    assert.match(ask('build.query'), /What `build\.query` is could not be found out/));

  test('no request gets there', () =>
    assert.match(ask("'select ' + name"), /No request, message or event is known to get to/));

  test('nothing of the kind stands there', () => assert.match(ask('const app = express()'), /is no call in which/));

  test('settings', () => {
    const off: Config = { rules: { 'security/sql-injection': 'off' } };
    assert.match(ask("'select ' + req", { config: off }), /switches the rule off/);
    const low: Config = { rules: { 'security/sql-injection': { confidence: 'low' } } };
    assert.match(ask("'select ' + req", { config: low }), /confidence is low; findings below medium/);
    assert.match(ask("'select ' + req", { config: { exclude: ['src/**'] } }), /leaves this file out/);
    assert.match(ask("'select ' + req", { path: 'test/app.test.ts' }), /counts as test and is not judged/);
  });

  test('a route that is open on purpose', () => {
    const text = ask("'/health'", { rule: 'security/missing-auth' });
    assert.match(text, /GET \/health: authentication no/);
    assert.match(text, /open on purpose/);
  });
});

test('rules about values that somebody else chose name the sinks they ask for', () => {
  for (const { meta } of rules) {
    const text = readFileSync(new URL(`../../src/engine/rules/${meta.id}.ts`, import.meta.url), 'utf8');
    for (const [, kind] of text.matchAll(/reaching\(model, '(\w+)'/g))
      assert.ok(
        meta.sinks?.some(one => one === kind),
        `${meta.id} asks for ${kind}`,
      );
    if (text.includes('reaching(')) assert.ok(meta.sinks, meta.id);
  }
});
