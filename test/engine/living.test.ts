import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { type Analysis, analyse } from '../../src/engine/engine.ts';
import { type Facts, factsOf } from '../../src/engine/facts-of.ts';
import { createLiving, type Living } from '../../src/engine/living.ts';
import { bodyEdits, editBody } from '../harness/body-edits.ts';
import { projectTexts } from '../harness/samples.ts';

/** Invariant 7, below the session: an analysis that goes on from the last one equals one that starts from nothing. */
class Workspace {
  readonly texts: Map<string, string>;
  readonly facts = new Map<string, Facts>();
  readonly living: Living = createLiving();
  local = 0;

  constructor(texts: ReadonlyMap<string, string>) {
    this.texts = new Map([...texts].sort(([a], [b]) => (a < b ? -1 : 1)));
    for (const [path, text] of this.texts) this.read(path, text);
    this.analyse();
  }

  read(path: string, text: string): void {
    this.texts.set(path, text);
    const facts = factsOf(path, text);
    if (facts) this.facts.set(path, facts);
    else this.facts.delete(path);
  }

  analyse(): Analysis {
    const before = this.living.model?.program;
    const done = analyse({ facts: this.facts, textOf: file => this.texts.get(file), living: this.living });
    for (const [path, facts] of this.living.adopted) this.facts.set(path, facts);
    if (done.model.program === before) this.local++;
    return done;
  }

  check(): void {
    const facts = new Map<string, Facts>();
    for (const [path, text] of this.texts) {
      const own = factsOf(path, text);
      if (own) facts.set(path, own);
    }
    const fresh = analyse({ facts, textOf: file => this.texts.get(file) });
    assert.equal(told(this.analyse()), told(fresh));
  }
}

/** What surfaces show, and what rules stand on. */
function told({ model, findings, problems }: Analysis): string {
  return JSON.stringify(
    {
      findings,
      problems,
      endpoints: model.endpoints.map(({ handler, chain, ...rest }) => ({
        ...rest,
        handler: handler?.fn.id,
        chain: chain.map(({ value, ...link }) => ({ ...link, value: value.k })),
      })),
      operations: [...model.program.units.keys()].flatMap(file =>
        model.operationsIn(file).map(({ kind, callee, span, callSpan, args }) => ({
          kind,
          callee,
          span,
          callSpan,
          args: Object.entries(args).map(([name, arg]) => [name, arg.span, arg.value.k]),
        })),
      ),
      reached: [...model.reached.values()].map(({ func, depth, endpoints }) => [
        func.file,
        func.fn.id,
        depth,
        endpoints.map(({ id }) => id),
      ]),
      flows: model.flows.solution,
    },
    (_, value: unknown) => (value instanceof Map ? [...value] : value instanceof Set ? [...value] : value),
    1,
  );
}

suite('an analysis that goes on equals one from scratch', () => {
  for (const [project, runs] of [
    ['express-shop', 8],
    ['nest-service', 16],
    ['serverless-edge', 12],
  ] as const) {
    test(`${project} after edits inside bodies`, () => {
      const texts = projectTexts(project);
      const workspace = new Workspace(texts);
      const files = [...texts.keys()].filter(path => editBody(path, texts.get(path)!, FIRST) !== undefined);
      fc.assert(
        fc.property(fc.array(fc.tuple(fc.constantFrom(...files), bodyEdits), { minLength: 1, maxLength: 3 }), edits => {
          for (const [path, edit] of edits) {
            const text = editBody(path, workspace.texts.get(path)!, edit);
            if (text === undefined) continue;
            workspace.read(path, text);
            workspace.check();
          }
          for (const [path] of edits) workspace.read(path, texts.get(path)!);
          workspace.check();
        }),
        { numRuns: runs },
      );
      assert.ok(workspace.local > runs / 2, 'edits were local');
    });
  }

  test('a program in which a function changes that start-up carries out', () => {
    const text = [
      "import express from 'express';",
      'function makeApp(name) {',
      '  const app = express();',
      '  @',
      "  app.get('/' + name, (req, res) => res.json(req.query.id));",
      '  return app;',
      '}',
      "makeApp('shop').listen(3000);",
      '',
    ].join('\n');
    const workspace = new Workspace(
      new Map([
        ['package.json', '{ "name": "shop", "dependencies": { "express": "4" } }'],
        ['src/app.js', text.replace('@', '')],
      ]),
    );
    const isLocal = (line: string): boolean => {
      const before = workspace.local;
      workspace.read('src/app.js', text.replace('@', line));
      workspace.check();
      return workspace.local > before;
    };
    assert.equal(isLocal("console.log('made', 1);"), true);
    assert.equal(isLocal("const made = Date.now() + 1;\n  if (process.env.DEBUG) console.log('made ' + made);"), true);
    assert.equal(isLocal(''), true);
    assert.equal(isLocal("app.post('/orders', (req, res) => res.end());"), false, 'another route');
    assert.equal(isLocal(''), false);
    assert.equal(isLocal("name = 'admin';"), false, 'another path');
    assert.equal(isLocal('app.use(express.json());'), false, 'what an adapter knows');
    assert.equal(isLocal(''), false);
    assert.equal(isLocal('console.log(app);'), false, 'a value that could be a function');
    assert.equal(isLocal('return app;'), false, 'the end');
  });

  test('what a part of the model is made of goes and comes back', () => {
    const texts = projectTexts('nest-service');
    const workspace = new Workspace(texts);
    const path = 'src/billing/billing.consumer.ts';
    const text = texts.get(path)!;
    const without = text.replace('const channel = await connection.createChannel();', '');
    for (const next of [without, text, without, text]) {
      assert.notEqual(workspace.texts.get(path), next);
      workspace.read(path, next);
      workspace.check();
    }
    assert.equal(workspace.local, 4);
  });

  test('a question to a model goes and comes back in a function that nobody else looks at', () => {
    const texts = projectTexts('serverless-edge');
    const workspace = new Workspace(texts);
    const path = 'apps/web/components/assistant.tsx';
    const text = texts.get(path)!;
    for (const next of [text.replace(/const completion = [^;]*;/, ''), text]) {
      assert.notEqual(workspace.texts.get(path), next);
      workspace.read(path, next);
      workspace.check();
    }
    assert.equal(workspace.local, 2);
  });

  test('what a step before the handler leaves on the request', () => {
    const state = SLOTS.map(() => 0);
    const choose = (name: string, body: number): void => {
      state[SLOTS.findIndex(one => one.name === name)] = body;
    };
    choose('handler', 5);
    const workspace = new Workspace(filesOf(state));
    const rulesAfter = (name: string, body: number): readonly string[] => {
      choose(name, body);
      for (const [path, text] of filesOf(state)) if (workspace.texts.get(path) !== text) workspace.read(path, text);
      workspace.check();
      const { findings } = workspace.analyse();
      return findings.filter(({ span }) => span.file === 'src/app.js').map(({ ruleId }) => ruleId);
    };
    const harm = 'security/command-injection';
    assert.ok(rulesAfter('report', 2).includes(harm));
    assert.ok(!rulesAfter('keep', 2).includes(harm), 'checked before the handler');
    assert.ok(rulesAfter('keep', 1).includes('security/open-redirect'), 'left by a helper');
    assert.ok(!rulesAfter('put', 1).includes('security/open-redirect'), 'an address of its own');
    assert.ok(rulesAfter('keep', 0).includes(harm));
    assert.ok(!rulesAfter('handler', 0).includes(harm), 'not used any more');
    assert.ok(workspace.local > 4, 'edits were local');
  });

  test('a program whose functions rely on each other', () => {
    const workspace = new Workspace(filesOf(SLOTS.map(() => 0)));
    const state = SLOTS.map(() => 0);
    const change = fc.tuple(fc.nat(SLOTS.length - 1), fc.nat(9));
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 6 }), changes => {
        for (const [slot, variant] of changes) {
          state[slot] = variant % SLOTS[slot]!.bodies.length;
          for (const [path, text] of filesOf(state)) if (workspace.texts.get(path) !== text) workspace.read(path, text);
          workspace.check();
        }
      }),
      { numRuns: 30 },
    );
    assert.ok(workspace.local > 30, 'edits were local');
  });
});

const FIRST = { fn: 0, stmt: 0, other: 0, how: 'insert' } as const;

/** Bodies that take turns in a program; `@name` in a file stands for the one that holds now. */
const SLOTS: readonly { readonly name: string; readonly bodies: readonly string[] }[] = [
  {
    name: 'guard',
    bodies: [
      'if (!req.headers.authorization) return refuse(res);\n  req.user = verify(req.headers.authorization, secret());\n  next();',
      'next();',
      'if (req.query.open) return next();\n  const token = req.headers.authorization;\n  if (!token) return res.status(401).end();\n  next();',
    ],
  },
  { name: 'refuse', bodies: ['res.status(401).end();', 'res.status(200).end();', "throw new Error('Unauthorized');"] },
  { name: 'verify', bodies: ['return jwt.verify(token, key);', 'return jwt.decode(token);', 'return { id: 1 };'] },
  { name: 'secret', bodies: ['return process.env.SECRET;', "return 'not-a-secret-at-all';", 'return undefined;'] },
  {
    name: 'find',
    bodies: [
      'return this.pool.query(`select * from ${this.table()} where id = ${id}`);',
      "return this.pool.query('select * from users where id = $1', [id]);",
      'return id;',
    ],
  },
  { name: 'table', bodies: ["return 'users';", 'return this.name;', 'return tableOf(this.name);'] },
  {
    name: 'clean',
    bodies: ['return value;', 'return Number(value);', "return value.replace(/'/g, '');", 'return again(value);'],
  },
  {
    name: 'again',
    bodies: ['return value;', 'return clean(value);', 'return value.length > 3 ? clean(value) : again(value);'],
  },
  {
    name: 'handler',
    bodies: [
      'res.json(await users.find(clean(req.params.id)));',
      'res.json(await users.find(req.query.id));',
      'res.redirect(clean(req.query.to));',
      'exec(clean(req.body.command));\n  res.end();',
      'res.json(await users.find(req.kept));',
      'const { to } = res.locals;\n  if (req.kept) exec(req.kept);\n  res.redirect(to);',
    ],
  },
  {
    name: 'keep',
    bodies: [
      'req.kept = req.query.kept;\n  next();',
      'req.kept = clean(req.query.kept);\n  put(res, req.query);\n  next();',
      'req.kept = req.query.kept;\n  if (!/^\\w+$/.test(req.kept)) return res.status(400).end();\n  next();',
      'req.other = req.query.kept;\n  next();',
      'put(res, clean(req.headers));\n  setTimeout(() => { req.kept = req.body.kept; next(); }, 1);',
    ],
  },
  {
    name: 'put',
    bodies: ['res.locals.to = from.to;', "res.locals.to = '/';", 'res.locals = { ...res.locals, to: clean(from.to) };'],
  },
  {
    name: 'wrap',
    bodies: ['return Promise.resolve(fn(req, res, next)).catch(next);', 'return fn(req, res, next);', 'next();'],
  },
  {
    name: 'pool',
    bodies: [
      'return new Pool({ connectionString: process.env.DATABASE_URL });',
      'return new Pool();',
      'return undefined;',
    ],
  },
  {
    name: 'report',
    bodies: [
      "return fetch('http://billing/report', { method: 'POST', body });",
      'return fetch(clean(body));',
      'return body;',
    ],
  },
];

const FILES: Readonly<Record<string, string>> = {
  'package.json': '{ "name": "shop", "dependencies": { "express": "4", "pg": "8", "jsonwebtoken": "9" } }',
  'src/answers.js': 'export function refuse(res) {\n  @refuse\n}\n',
  'src/tokens.js':
    "import jwt from 'jsonwebtoken';\nexport function verify(token, key) {\n  @verify\n}\nexport function secret() {\n  @secret\n}\n",
  'src/guard.js':
    "import { refuse } from './answers.js';\nimport { secret, verify } from './tokens.js';\nexport function guard(req, res, next) {\n  @guard\n}\n",
  'src/clean.js': 'export function clean(value) {\n  @clean\n}\nexport function again(value) {\n  @again\n}\n',
  'src/users.js':
    "import { Pool } from 'pg';\nfunction makePool() {\n  @pool\n}\nfunction tableOf(name) { return name; }\nexport class Users {\n  name = 'accounts';\n  constructor(pool) { this.pool = pool; }\n  table() {\n    @table\n  }\n  find(id) {\n    @find\n  }\n}\nexport const users = new Users(makePool());\n",
  'src/keep.js':
    "import { clean } from './clean.js';\nimport { put } from './put.js';\nexport function keep(req, res, next) {\n  @keep\n}\n",
  'src/put.js': "import { clean } from './clean.js';\nexport function put(res, from) {\n  @put\n}\n",
  'src/report.js': "import { clean } from './clean.js';\nexport async function report(body) {\n  @report\n}\n",
  'src/wrap.js': 'export const wrap = fn => (req, res, next) => {\n  @wrap\n};\n',
  'src/app.js':
    "import { exec } from 'node:child_process';\nimport express from 'express';\nimport { clean } from './clean.js';\nimport { guard } from './guard.js';\nimport { keep } from './keep.js';\nimport { report } from './report.js';\nimport { users } from './users.js';\nimport { wrap } from './wrap.js';\nconst app = express();\napp.get('/users/:id', guard, keep, wrap(async (req, res) => {\n  @handler\n}));\napp.post('/reports', async (req, res) => {\n  await report(req.body);\n  res.end();\n});\napp.listen(3000);\n",
};

function filesOf(state: readonly number[]): Map<string, string> {
  return new Map(
    Object.entries(FILES).map(([path, text]) => [
      path,
      SLOTS.reduce((all, { name, bodies }, slot) => all.replace(`@${name}\n`, () => `${bodies[state[slot]!]}\n`), text),
    ]),
  );
}
