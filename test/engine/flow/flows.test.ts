import assert from 'node:assert/strict';
import test, { suite } from 'node:test';
import { analyse } from '../../../src/engine/engine.ts';
import { type Facts, factsOf } from '../../../src/engine/facts-of.ts';
import type { Flows } from '../../../src/engine/flow/engine.ts';
import type { Flow } from '../../../src/engine/flow/flow.ts';
import { whyNot } from '../../../src/engine/flow/trace.ts';
import type { Model } from '../../../src/engine/link/model.ts';

/** How values move through a program: each case is a few lines in a handler that has `pool`, `req` and `res`. */

suite('ways of a value', () => {
  reaches('a template', 'pool.query(`a ${req.query.x}`);');
  reaches('a concatenation in steps', "let sql = 'a'; sql += ' where b = ' + req.query.x; pool.query(sql);");
  reaches('destructuring with a default', "const { x = 'a' } = req.query; pool.query('a' + x);");
  reaches('an object and its copy', 'const a = { b: { c: req.query.x } }; const d = { ...a }; pool.query(`${d.b.c}`);');
  reaches(
    'an array and a callback',
    "const list = []; list.push(req.query.x); pool.query(list.map(one => `'${one}'`).join());",
  );
  reaches('a part by its name', "const { query } = req; pool.query('a' + query.x);");
  reaches('the request itself', "req.kept = req.query.x; const run = one => pool.query('a' + one.kept); run(req);");
  reaches('a promise', "Promise.resolve(req.query.x).then(x => pool.query('a' + x));");
  reaches('a promise of its own', "const x = await new Promise(done => done(req.query.x)); pool.query('a' + x);");
  reaches('a closure', "const x = req.query.x; setTimeout(() => pool.query('a' + x), 1);");
  reaches('a local function', "function run(x) { return pool.query('a' + x); } await run(req.query.x);");
  reaches('a branch that does not check', "let x = 'a'; if (req.ip) x = req.query.x; pool.query('a' + x);");
  reaches('a loop', "let all = ''; for (const one of req.query.x) { pool.query(all); all += one; }", 'req.query.x[…]');
  reaches(
    'an instance',
    'class Q { constructor(x) { this.x = x; } run() { return pool.query(`a ${this.x}`); } } await new Q(req.query.x).run();',
  );
  reaches('a getter of what was parsed', "const a = JSON.parse(req.query.x); pool.query('a' + a.b);", 'req.query.x.b');
  reaches('a callback that somebody calls', "const give = f => f(req.query.x); give(x => pool.query('a' + x));");
});

suite('what makes a value harmless', () => {
  ends('a number', "const x = Number(req.query.x); pool.query('a' + x);");
  ends('arithmetic', "pool.query('a' + (req.query.x - 1));");
  ends('a length', "pool.query('a' + req.query.x.length);");
  ends('a look-up in a table', "const T = { a: 'b' }; pool.query('a' + T[req.query.x]);");
  ends('a list', "if (!['a', 'b'].includes(req.query.x)) return; pool.query('a' + req.query.x);");
  ends(
    'a position in a list',
    "if (['a'].indexOf(req.query.x) === -1) throw new Error(); pool.query('a' + req.query.x);",
  );
  ends('a comparison', "if (req.query.x === 'a') pool.query('a' + req.query.x);");
  ends('a switch', "switch (req.query.x) { case 'a': pool.query('a' + req.query.x); }");
  ends('a strict pattern', "if (!/^\\w+$/.test(req.query.x)) return; pool.query('a' + req.query.x);");
  ends('characters taken out', "pool.query('a' + req.query.x.replace(/[^a-z]/g, ''));");
  ends('a type at run time', "if (typeof req.query.x !== 'number') return; pool.query('a' + req.query.x);");
  ends('a flag', "const ok = ['a'].includes(req.query.x); if (!ok) return; pool.query('a' + req.query.x);");
  ends(
    'a check in a helper',
    "const isOk = x => /^[a-z]+$/.test(x); if (!isOk(req.query.x)) return; pool.query('a' + req.query.x);",
  );
  ends(
    'a helper that throws',
    "function must(x) { if (!/^[a-z]+$/.test(x)) throw new Error(); } must(req.query.x); pool.query('a' + req.query.x);",
  );
  ends('a choice', "const x = req.query.x === 'desc' ? req.query.x : 'asc'; pool.query('a' + x);");
  ends('a part that is replaced', "req.query = { x: 'a' }; pool.query('a' + req.query.x);");
  ends('placeholders', "pool.query('a = $1', [req.query.x]);");
});

suite('what looks like a check and is none', () => {
  reaches('a loose pattern', "if (!/[a-z]+/.test(req.query.x)) return; pool.query('a' + req.query.x);");
  reaches(
    'a check without consequence',
    "if (!['a'].includes(req.query.x)) res.status(400); pool.query('a' + req.query.x);",
  );
  reaches('a check of something else', "if (!['a'].includes(req.query.y)) return; pool.query('a' + req.query.x);");
  reaches('an annotation', "const x = req.query.x as unknown as number; pool.query('a' + x);");
  reaches('one replacement', "pool.query('a' + req.query.x.replace('\\'', ''));");
});

suite('flows', () => {
  test('say every place on the way, across files', () => {
    const flows = flowsIn({
      'app.ts': app('await find(req.query.x);', "import { find } from './find.ts';"),
      'find.ts':
        "import { Pool } from 'pg';\nconst pool = new Pool();\nexport const find = (name: string) => pool.query('a' + name);\n",
    });
    const [flow] = flows.of('sql');
    assert.deepEqual(
      flow?.steps.map(({ span, message }) => `${span.file}: ${message}`),
      [
        'app.ts: `req.query.x` comes from whoever sends the request',
        'app.ts: goes into `find` as `name`',
        'find.ts: reaches `query`',
      ],
    );
  });

  test('say where a step before the handler left a value, and where it is found', () => {
    const flows = flowsIn({
      'app.ts':
        "import express from 'express';\nimport { Pool } from 'pg';\nimport { keep } from './keep.ts';\nconst app = express();\nconst pool = new Pool();\napp.use(keep);\napp.get('/a', (req, res) => { pool.query('a' + req.kept.x); });\n",
      'keep.ts': 'export const keep = (req, res, next) => {\n  req.kept = { x: req.query.x };\n  next();\n};\n',
    });
    const [flow] = flows.of('sql');
    assert.deepEqual(
      flow?.steps.map(({ span, message }) => `${span.file}: ${message}`),
      [
        'keep.ts: `req.query.x` comes from whoever sends the request',
        'keep.ts: `req.kept` holds it',
        'app.ts: `req.kept.x` is read',
        'app.ts: reaches `query`',
      ],
    );
  });

  test('tell what ended a way', () => {
    const text = app("if (!['a'].includes(req.query.x)) return; pool.query('a' + req.query.x);");
    const start = text.indexOf('pool.query');
    const { ended, cut } = whyNot(modelOf({ 'app.ts': text }), 'sql', { file: 'app.ts', start, end: start + 4 });
    assert.deepEqual([ended.map(flow => flow.ended?.message), cut], [['looked up here'], 0]);
    assert.deepEqual(whyNot(modelOf({ 'app.ts': text }), 'sql', { file: 'app.ts', start: 0, end: 4 }).ended, []);
  });

  test('begin in a handler that is registered elsewhere, if it looks like one', () => {
    const file = (params: string, value = 'req.query.x') =>
      `import { Pool } from 'pg';\nconst pool = new Pool();\nexport function run(${params}) { pool.query('a' + ${value}); }\n`;
    assert.equal(flowsIn({ 'a.js': file('req, res') }).of('sql').length, 1);
    assert.equal(flowsIn({ 'a.js': file('req, options') }).of('sql').length, 1, 'it reads a part of a request');
    assert.equal(flowsIn({ 'a.js': file('req, options', 'req.table') }).of('sql').length, 0);
    assert.equal(flowsIn({ 'a.js': file('wanted, options', 'wanted.query.x') }).of('sql').length, 0);
    assert.equal(flowsIn({ 'a.ts': file('req: Wanted, res: Found') }).of('sql').length, 0);
  });

  test('end where a header names the target of a redirect', () => {
    const text = app("res.setHeader('Location', req.query.x); res.setHeader('X-Name', req.query.y);");
    assert.deepEqual(
      flowsIn({ 'app.ts': text })
        .of('redirect')
        .map(flow => flow.source.text),
      ['req.query.x'],
    );
  });

  test('end in recursion', () => {
    const body =
      "const deep = (x, n) => { const o = { x, o: { x } }; pool.query('a' + o.o.x); return n ? deep(o.x, n - 1) : o; }; deep(req.query.x, 3);";
    assert.equal(flowsIn({ 'app.ts': app(body) }).of('sql').length, 1);
  });

  test('are the same in any order of files', () => {
    const texts = {
      'a.ts': app(
        'await one(req.query.x); await two(req.query.y);',
        "import { one } from './one.ts';\nimport { two } from './two.ts';",
      ),
      'one.ts': "import { two } from './two.ts';\nexport const one = (x: string) => (x === 'a' ? x : two(x));\n",
      'two.ts':
        "import { Pool } from 'pg';\nimport { one } from './one.ts';\nexport const two = (y: string) => (y ? new Pool().query('a' + y) : one(y));\n",
    };
    const forwards = flowsIn(texts);
    const backwards = flowsIn(Object.fromEntries(Object.entries(texts).reverse()));
    assert.deepEqual(backwards.of('sql').map(show), forwards.of('sql').map(show));
    assert.equal(forwards.of('sql').length, 2);
  });
});

function reaches(name: string, body: string, source = 'req.query.x'): void {
  test(name, () => {
    const found = flowsIn({ 'app.ts': app(body) }).of('sql');
    assert.deepEqual([...new Set(found.map(flow => flow.source.text))], [source]);
  });
}

function ends(name: string, body: string): void {
  test(name, () => {
    assert.deepEqual(
      flowsIn({ 'app.ts': app(body) })
        .of('sql')
        .map(show),
      [],
    );
  });
}

function app(body: string, imports = ''): string {
  return `import express from 'express';
import { Pool } from 'pg';
${imports}
const pool = new Pool();
const app = express();
app.get('/x', async (req, res) => {
  ${body}
});
`;
}

function flowsIn(texts: Readonly<Record<string, string>>): Flows {
  return modelOf(texts).flows;
}

function modelOf(texts: Readonly<Record<string, string>>): Model {
  const facts = new Map<string, Facts>();
  for (const [path, text] of Object.entries(texts)) facts.set(path, factsOf(path, text)!);
  return analyse({ facts, textOf: path => texts[path], rules: [] }).model;
}

function show({ kind, source, sink, steps }: Flow): unknown {
  return [kind, source.text, sink.callee, sink.arg, steps];
}
