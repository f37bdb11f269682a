import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { analyseTexts } from '../../harness/workspace.ts';

/** A value handed on from function to function, `depth` times, before it is run. */
function chain(depth: number): string {
  const links = Array.from({ length: depth }, (_, at) => `function f${at}(x) { return f${at + 1}(x); }`);
  return `import { exec } from 'node:child_process';
import express from 'express';
const app = express();
${links.join('\n')}
function f${depth}(x) { exec(x); }
app.get('/run', (req, res) => { f0(req.query.command); res.end(); });
`;
}

function cutIn(text: string): { cut: number; found: number } {
  const { model, findings } = analyseTexts(new Map([['src/app.js', text]]));
  const { cut } = model.flows.solution;
  return { cut, found: findings.filter(({ ruleId }) => ruleId === 'security/command-injection').length };
}

suite('bounds of flows', () => {
  test('are told where a way is too deep', () => {
    assert.deepEqual(cutIn(chain(20)), { cut: 0, found: 1 });
    const deep = cutIn(chain(80));
    assert.equal(deep.found, 0);
    assert.ok(deep.cut > 0);
  });

  test('are told where a function leads to too many places', () => {
    const runs = Array.from({ length: 200 }, (_, at) => `  exec('${at} ' + x);`).join('\n');
    const text = `import { exec } from 'node:child_process';\nimport express from 'express';\nconst app = express();
function run(x) {\n${runs}\n}\napp.get('/run', (req, res) => { run(req.query.command); res.end(); });\n`;
    const { cut, found } = cutIn(text);
    assert.ok(found > 50);
    assert.equal(cut, 200 - found);
  });

  test('hold where what a name holds depends on what the name proves', () => {
    const text = `import { exec } from 'node:child_process';\nimport express from 'express';\nconst app = express();
app.get('/run', (req, res) => {
  let command;
  command = tidy(command || req.query.command);
  if (command) exec(req.query.command);
  res.end();
});\n`;
    assert.equal(cutIn(text).found, 1);
  });

  test('measure functions only with a clock', () => {
    const texts = new Map([['src/app.js', chain(3)]]);
    assert.deepEqual(analyseTexts(texts).model.flows.slowest, []);
    let ticks = 0;
    const { model, phases } = analyseTexts(texts, { run: { now: () => ticks++ } });
    const names = model.flows.slowest.map(({ name }) => name);
    assert.ok(names.includes('f0') && names.includes('f3'), names.join(' '));
    assert.deepEqual(Object.keys(phases), ['link', 'endpoints', 'flows', 'rules']);
  });
});
