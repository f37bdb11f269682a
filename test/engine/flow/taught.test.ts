import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { FlowSettings } from '../../../src/engine/config/config.ts';
import { INITIAL_CONFIG } from '../../../src/engine/config/init.ts';
import { configLookup } from '../../../src/engine/config/lookup.ts';
import { parseConfig } from '../../../src/engine/config/parse.ts';
import { createLiving } from '../../../src/engine/living.ts';
import { analyseTexts, type Texts } from '../../harness/workspace.ts';

const DB = 'export function runSql(text: string): Promise<void> { return native(text); }\n';

const APP = `import express from 'express';
import { runSql } from './db.ts';
import { quoted, isName } from './safe.ts';
import { nextJob } from './jobs.ts';

const app = express();

app.get('/raw', async (req, res) => {
  await runSql('select * from t where name = ' + req.query.name);
  res.sendStatus(204);
});

app.get('/quoted', async (req, res) => {
  await runSql('select * from t where name = ' + quoted(req.query.name));
  res.sendStatus(204);
});

app.get('/asked', async (req, res) => {
  const name = String(req.query.name);
  if (!isName(name)) return res.sendStatus(400);
  await runSql('select * from t where name = ' + name);
  res.sendStatus(204);
});

export async function work() {
  const job = await nextJob();
  await runSql('select * from t where id = ' + job.id);
}
`;

const TEXTS: Texts = new Map([
  ['package.json', '{ "name": "app", "dependencies": { "express": "5.1.0" } }'],
  ['src/app.ts', APP],
  ['src/db.ts', DB],
  [
    'src/safe.ts',
    "export const quoted = (text: unknown) => '<' + text + '>';\nexport const isName = (text: string) => text.length < 20;\n",
  ],
  ['src/jobs.ts', 'export async function nextJob(): Promise<{ id: string }> { return native.next(); }\n'],
]);

const SINK = { call: 'src/db.ts#runSql', argument: 0, kind: 'sql' } as const;

function linesOf(flow: FlowSettings | undefined, living = createLiving()): number[] {
  const config = configLookup(new Map([['', flow ? { flow } : {}]]));
  return analyseTexts(TEXTS, { config, living })
    .findings.filter(({ ruleId }) => ruleId === 'security/sql-injection')
    .map(({ span }) => APP.slice(0, span.start).split('\n').length);
}

suite('flow settings', () => {
  test('say nothing by default', () => assert.deepEqual(linesOf(undefined), []));

  test('name a sink by its place', () => {
    assert.deepEqual(linesOf({ sinks: [SINK] }), [9, 14, 21]);
    assert.deepEqual(linesOf({ sinks: [{ ...SINK, call: 'runSql' }] }), [9, 14, 21]);
    assert.deepEqual(linesOf({ sinks: [{ ...SINK, call: 'src/other.ts#runSql' }] }), []);
    assert.deepEqual(linesOf({ sinks: [{ ...SINK, argument: 1 }] }), []);
  });

  test('name what makes a value harmless, by giving it back or by saying yes', () => {
    assert.deepEqual(linesOf({ sinks: [SINK], sanitizers: [{ call: 'src/safe.ts#quoted', for: ['sql'] }] }), [9, 21]);
    assert.deepEqual(linesOf({ sinks: [SINK], sanitizers: [{ call: 'isName' }] }), [9, 14]);
    assert.deepEqual(
      linesOf({ sinks: [SINK], sanitizers: [{ call: 'src/safe.ts#quoted', for: ['html'] }] }),
      [9, 14, 21],
    );
  });

  test('name a source', () =>
    assert.deepEqual(linesOf({ sinks: [SINK], sources: [{ call: 'src/jobs.ts#nextJob' }] }), [9, 14, 21, 27]));

  test('count from the next analysis on, also where the program lives on', () => {
    const living = createLiving();
    assert.deepEqual(linesOf({ sinks: [SINK] }, living), [9, 14, 21]);
    assert.deepEqual(linesOf({ sinks: [SINK], sanitizers: [{ call: 'quoted' }, { call: 'isName' }] }, living), [9]);
    assert.deepEqual(linesOf(undefined, living), []);
  });

  test('stand in the file that init writes, as a comment that holds', () => {
    const text = INITIAL_CONFIG.replace(/^\s*\/\/ ("flow": .*)$/m, '  $1');
    const { config, problems } = parseConfig('underpin.config.jsonc', text);
    assert.deepEqual(problems, []);
    assert.deepEqual(linesOf(config?.flow), [9, 14, 21]);
  });

  test('are refused with the place of what is wrong', () => {
    const refused = (flow: string) => parseConfig('c', `{ "flow": ${flow} }`).problems.map(({ message }) => message);
    assert.deepEqual(refused('{ "sinks": [{ "call": "run" }] }'), ['c:1:23 "flow.sinks[0]" must have the key "kind".']);
    assert.match(refused('{ "sinks": [{ "call": "run", "kind": "sqli" }] }')[0] ?? '', /must be one of "sql"/);
    assert.match(refused('{ "sink": [] }')[0] ?? '', /did you mean "sinks"\?/);
    assert.match(refused('{ "sanitizers": [{ "call": "safe", "for": [] }] }')[0] ?? '', /must not be empty/);
    assert.match(refused('{ "sources": [{ "call": "a b" }] }')[0] ?? '', /must be a name such as/);
  });
});
