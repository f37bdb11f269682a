import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { openKnowledge } from '../../src/knowledge/knowledge.ts';
import type { TrendStatus } from '../../src/session/api.ts';
import { trendStatus } from '../../src/trends/status.ts';
import { projectTexts } from '../harness/samples.ts';
import { analyseTexts } from '../harness/workspace.ts';
import { index } from '../knowledge/pages.ts';

const knowledge = openKnowledge(index);

function trendsOf(texts: ReadonlyMap<string, string>) {
  const { model, findings } = analyseTexts(texts);
  return trendStatus(model, findings, knowledge);
}

suite('trend status', () => {
  const notApplicable: Readonly<Record<string, readonly string[]>> = {
    'express-shop': ['edge', 'graphql', 'low-code', 'microservices', 'serverless'],
    'nest-service': ['ai-automation', 'edge', 'low-code', 'serverless'],
    'serverless-edge': ['containers', 'graphql', 'microservices'],
  };
  for (const [project, expected] of Object.entries(notApplicable)) {
    test(`${project} is asked for nothing it has no use for`, () => {
      const quiet = trendsOf(projectTexts(project)).filter(({ status }) => status === 'not-applicable');
      assert.deepEqual(quiet.map(({ id }) => id).sort(), expected);
      for (const { nextSteps, findings, evidenceFor, score } of quiet) {
        assert.deepEqual(
          { nextSteps, findings, evidenceFor, score },
          { nextSteps: [], findings: [], evidenceFor: [], score: 0 },
        );
      }
    });
  }

  test('a folder without a backend is asked for nothing', () => {
    const trends = trendsOf(new Map([['src/sum.ts', 'export const sum = (a: number, b: number): number => a + b;\n']]));
    assert.deepEqual([...new Set(trends.map(({ status }) => status))], ['not-applicable'] satisfies TrendStatus[]);
  });

  test('examples beside each other are no system of services, and a lost promise makes nothing serverless', () => {
    const app = (name: string): [string, string][] => [
      [`${name}/package.json`, JSON.stringify({ name, dependencies: { express: '5.1.0' } })],
      [
        `${name}/index.js`,
        "const express = require('express');\nconst app = express();\n" +
          "app.get('/items', (req, res) => {\n  fetch('https://api.example.com');\n  res.json([]);\n});\napp.listen(3000);\n",
      ],
    ];
    const texts = new Map([...app('first'), ...app('second')]);
    assert.ok(analyseTexts(texts).findings.some(({ ruleId }) => ruleId === 'serverless/floating-promise'));
    const status = new Map(trendsOf(texts).map(one => [one.id, one.status]));
    assert.equal(status.get('serverless'), 'not-applicable');
    assert.equal(status.get('microservices'), 'not-applicable');
    const together = new Map(texts).set(
      'compose.yaml',
      'services:\n  first:\n    build: ./first\n  second:\n    build: ./second\n',
    );
    const microservices = trendsOf(together).find(({ id }) => id === 'microservices')!;
    assert.equal(microservices.evidenceFor.length, 2);
  });

  test('what is worst is shown first, and only pods are asked for their resources', () => {
    const trends = trendsOf(projectTexts('express-shop'));
    const security = trends.find(({ id }) => id === 'security')!;
    assert.match(security.evidenceAgainst[0]!.message, /placeholder|password|cookies|privileged|answers anyone/);
    const image = trendsOf(
      new Map([
        ['package.json', JSON.stringify({ name: 'solo', dependencies: { express: '5.1.0' } })],
        ['index.js', "require('express')().listen(3000);\n"],
        ['Dockerfile', 'FROM node:24\nCOPY . .\nUSER node\nCMD ["node", "index.js"]\n'],
      ]),
    ).find(({ id }) => id === 'containers')!;
    assert.ok(!image.nextSteps.some(({ title }) => title.includes('memory')));
    assert.deepEqual(
      image.evidenceFor.map(({ message }) => message),
      ['builds on node:24', 'runs as node', 'receives signals itself'],
    );
  });

  test('what is found counts for, open findings count against', () => {
    const texts = projectTexts('express-shop');
    const before = trendsOf(texts).find(({ id }) => id === 'containers')!;
    assert.equal(before.status, 'started');
    assert.ok(before.evidenceFor.length > 0 && before.evidenceAgainst.length > 0 && before.nextSteps.length > 0);
    const fixed = new Map(texts).set(
      'Dockerfile',
      `${texts.get('Dockerfile')!.replace('CMD ["npm", "start"]', 'USER node\nCMD ["node", "dist/server.js"]')}`,
    );
    const after = trendsOf(fixed).find(({ id }) => id === 'containers')!;
    assert.ok(after.score > before.score, `${before.score} → ${after.score}`);
  });

  test('a next step leads to a finding, a recipe or a page that exists', () => {
    for (const project of Object.keys(notApplicable)) {
      const trends = trendsOf(projectTexts(project));
      for (const { nextSteps, findings } of trends) {
        assert.ok(nextSteps.length <= 3);
        for (const { action } of nextSteps) {
          if (action.kind === 'finding') assert.ok(findings.includes(action.fingerprint));
          else assert.ok(knowledge.page(action.kind === 'recipe' ? action.recipe : action.page));
        }
      }
    }
  });
});
