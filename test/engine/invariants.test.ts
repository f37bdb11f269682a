import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { type Analysis, analyse } from '../../src/engine/engine.ts';
import { type Facts, factsOf } from '../../src/engine/facts-of.ts';
import type { Finding } from '../../src/engine/model/finding.ts';
import { rules } from '../../src/engine/rules/index.ts';
import { type AnyRule, defineRule, type Rule } from '../../src/engine/rules/rule.ts';
import { projectTexts } from '../harness/samples.ts';
import { analyseTexts } from '../harness/workspace.ts';

/**
 * The invariants of `src/ARCHITECTURE.md` that concern link, rules and findings. Facts: `facts/extract.test.ts`;
 * sessions: `test/session/invariants.test.ts`; who imports whom: `test/repo/layers.test.ts`; ids:
 * `test/repo/registry.test.ts`; the samples of the pages: `rule-pages.test.ts`.
 */
const META = {
  id: 'test/rule',
  theme: 'security',
  benefits: [],
  severity: 'warning',
  confidence: 'high',
  cwe: [],
  owasp: [],
  messages: { found: 'Found.' },
} as const;
const PROJECTS = ['express-shop', 'nest-service', 'serverless-edge'];

suite('invariant 4: adapters claim, the linker decides', () => {
  const endpointsOf = (texts: Readonly<Record<string, string>>) =>
    analyseTexts(new Map(Object.entries(texts))).model.endpoints.map(({ method, path, partial }) => ({
      route: `${method} ${path}`,
      isPartial: partial !== undefined,
    }));

  test('a call that looks like a route is none on a value that is no router', () => {
    const client = "import client from './client.js';\nclient.post('/orders', body => body);\n";
    assert.deepEqual(endpointsOf({ 'src/a.ts': client, 'src/client.ts': 'export default { post() {} };\n' }), []);
    assert.deepEqual(endpointsOf({ 'src/a.ts': client }), []);
  });

  test('a router is followed through imports, factories and mounts', () => {
    const routes = endpointsOf({
      'src/app.ts':
        "import express from 'express';\nimport { make } from './make';\nexpress().use('/api', make('v2'));\n",
      'src/make.ts':
        "import { Router } from 'express';\nexport function make(version: string) {\n  const r = Router();\n  r.get(`/${version}/orders`, (req, res) => res.end());\n  return r;\n}\n",
    });
    assert.deepEqual(routes, [{ route: 'GET /api/v2/orders', isPartial: false }]);
  });

  test('what cannot be resolved makes the endpoint partial, and absence is not reported on it', () => {
    const app = (mount: string) =>
      [
        "import express, { Router } from 'express';",
        "import { expressjwt } from 'express-jwt';",
        "import { prefix } from 'somewhere';",
        'const app = express();',
        'const open = Router();',
        "open.post('/orders', (req, res) => res.end());",
        `app.use(${mount}, open);`,
        "app.get('/mine', expressjwt({ secret: prefix, algorithms: ['HS256'] }), (req, res) => res.end());",
      ].join('\n');
    const missing = (mount: string) =>
      analyseTexts(new Map([['src/app.ts', app(mount)]])).findings.filter(
        ({ ruleId }) => ruleId === 'security/missing-auth',
      ).length;
    assert.equal(missing("'/api'"), 1);
    assert.equal(missing('prefix()'), 0);
  });
});

suite('invariant 6: a rule that throws is caught, told once and off until restart', () => {
  const talker = ruleWith('test/talker', ({ endpoints }, report) => {
    for (const { span } of endpoints) report(span, 'found');
  });
  const thrower = ruleWith('test/thrower', () => {
    throw new TypeError('with the secret s3cr3t in its message');
  });
  const failed = new Set<string>();
  const run = (): Analysis => analyseTexts(projectTexts('express-shop'), { rules: [thrower, talker], run: { failed } });

  test('the others go on', () => {
    const { findings, problems } = run();
    assert.ok(findings.length > 0);
    assert.ok(findings.every(({ ruleId }) => ruleId === 'test/talker'));
    assert.equal(problems.length, 1);
    assert.equal(problems[0]?.code, 'rule-failed');
    assert.match(problems[0].message, /test\/thrower/);
    assert.doesNotMatch(problems[0].message, /s3cr3t/, 'texts of the workspace stay out of messages about us');
  });

  test('the second time nothing is said', () => assert.deepEqual(run().problems, []));

  test('findings it reported before it threw are dropped', () => {
    const half = ruleWith('test/half', ({ endpoints }, report) => {
      report(endpoints[0]!.span, 'found');
      throw new Error();
    });
    const { findings } = analyseTexts(projectTexts('express-shop'), { rules: [half] });
    assert.deepEqual(findings, []);
  });
});

suite('invariant 7: order changes nothing', () => {
  for (const project of PROJECTS) {
    test(`${project} gives the same findings in any order of files and rules`, () => {
      const texts = projectTexts(project);
      const facts = new Map<string, Facts>();
      for (const path of [...texts.keys()].reverse()) {
        const own = factsOf(path, texts.get(path)!);
        if (own) facts.set(path, own);
      }
      const sorted = new Map([...facts].sort(([a], [b]) => (a < b ? -1 : 1)));
      const textOf = (file: string): string | undefined => texts.get(file);
      const expected = analyse({ facts: sorted, textOf });
      assert.deepEqual(analyse({ facts: sorted, textOf, rules: [...rules].reverse() }).findings, expected.findings);
      assert.deepEqual(analyse({ facts, textOf }).findings.map(place).sort(), expected.findings.map(place).sort());
    });

    test(`${project} gives the same findings from facts that went through JSON, and leaves facts as they are`, () => {
      const texts = projectTexts(project);
      const facts = new Map<string, Facts>();
      for (const [path, text] of texts) {
        const own = factsOf(path, text);
        if (own) facts.set(path, freeze(own));
      }
      const textOf = (file: string): string | undefined => texts.get(file);
      const copied = new Map([...facts].map(([path, own]) => [path, JSON.parse(JSON.stringify(own)) as Facts]));
      assert.deepEqual(analyse({ facts: copied, textOf }).findings, analyse({ facts, textOf }).findings);
    });
  }
});

suite('invariant 8: findings point at offsets of their texts', () => {
  for (const project of PROJECTS) {
    test(project, () => {
      const texts = projectTexts(project);
      const { findings } = analyseTexts(texts, { minConfidence: 'low' });
      assert.ok(findings.length > 0);
      for (const { span, evidence } of findings) {
        for (const { file, start, end } of [span, ...evidence.map(step => step.span)]) {
          const text = texts.get(file);
          assert.ok(text !== undefined, file);
          assert.ok(Number.isInteger(start) && 0 <= start && start <= end && end <= text.length, `${file} ${start}`);
        }
      }
    });
  }
});

suite('the whole engine survives what one file can hold', () => {
  const chains = {
    'a long sum of texts': `export const sql = ${Array.from({ length: 4000 }, (_, at) => `'${at}'`).join(' +\n')};\n`,
    'a long chain of calls': `import q from 'knex';\nexport const query = q('t')${'\n.where({})'.repeat(2000)};\n`,
    'a long chain of conditions': `export const pick = a => ${'a ?\n1 : '.repeat(1500)}2;\n`,
    'many nested functions': `export const f = ${'() =>\n'.repeat(800)}1;\n`,
    'a call of itself': 'export function f(a) { return f(f(a)); }\nf(f);\n',
    'modules in a circle': "export * from './deep';\nimport { f } from './deep';\nexport const g = f;\nf();\n",
    'a loop without end':
      'const a = [];\nwhile (true) { a.push(() => a); for (const x of a) a.push(x); }\nexport { a };\n',
  };
  for (const [name, text] of Object.entries(chains)) {
    test(name, () => {
      const { problems, findings } = analyseTexts(new Map([['src/deep.ts', text]]));
      assert.deepEqual(problems, []);
      assert.deepEqual(findings, []);
    });
  }
});

function ruleWith(id: `${string}/${string}`, check: Rule<typeof META>['check']): AnyRule {
  const meta = {
    theme: 'security',
    benefits: [],
    severity: 'warning',
    confidence: 'high',
    cwe: [],
    owasp: [],
  } as const;
  return defineRule({ meta: { ...meta, id, messages: { found: 'Found.' } }, check });
}

function place({ ruleId, span, message }: Finding): string {
  return `${span.file} ${span.start} ${span.end} ${ruleId} ${message}`;
}

function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const one of Object.values(value)) freeze(one);
  }
  return value;
}
