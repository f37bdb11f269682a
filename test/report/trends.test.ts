import assert from 'node:assert/strict';
import { test } from 'node:test';
import { placeFinder } from '../../src/report/input.ts';
import { renderRule, renderRulesJson, renderRulesTable } from '../../src/report/rules.ts';
import { renderTrends, renderTrendsJson } from '../../src/report/trends.ts';
import type { TrendInfo } from '../../src/session/api.ts';
import { spanOf } from '../harness/finding.ts';
import { RULES, TEXTS } from '../harness/report.ts';

const placeOf = placeFinder(file => TEXTS[file]);
const seen = { span: spanOf('Dockerfile', TEXTS['Dockerfile'] ?? '', 'USER root'), message: 'An image is built' };

const TRENDS: readonly TrendInfo[] = [
  {
    id: 'containers',
    kind: 'trend',
    title: 'Containers',
    summary: '',
    status: 'started',
    score: 40,
    why: 'There is an image, but it runs as root.',
    evidenceFor: [seen, seen, seen, seen],
    evidenceAgainst: [seen],
    findings: ['0000000000000001'],
    nextSteps: [{ title: 'Run as a user of its own', action: { kind: 'finding', fingerprint: '0000000000000001' } }],
  },
  {
    id: 'edge',
    kind: 'trend',
    title: 'Edge computing',
    summary: '',
    status: 'not-applicable',
    score: 0,
    why: 'Nothing here is served from an edge network.',
    evidenceFor: [],
    evidenceAgainst: [],
    findings: [],
    nextSteps: [],
  },
];

test('trends show status, places and next steps', () => {
  assert.equal(
    renderTrends(TRENDS, placeOf),
    [
      'Containers: started 40/100',
      '  There is an image, but it runs as root.',
      '  + An image is built Dockerfile:2',
      '  + An image is built Dockerfile:2',
      '  + An image is built Dockerfile:2',
      '  + 1 more',
      '  - An image is built Dockerfile:2',
      '  1. Run as a user of its own',
      '',
      'Not applicable, as nothing here calls for it: Edge computing.',
      '',
    ].join('\n'),
  );
  assert.equal(renderTrends(TRENDS.slice(1), placeOf), 'No trend applies: there is no backend here.\n');
  const { trends } = JSON.parse(renderTrendsJson(TRENDS, placeOf)) as { trends: { evidenceFor: unknown[] }[] };
  assert.equal(trends[0]?.evidenceFor.length, 4);
});

test('rules as table, json and one by one', () => {
  assert.match(
    renderRulesTable(RULES),
    /^containers\/root-user +containers +info \(off\) +medium +- +- +Container runs as root$/m,
  );
  const { rules } = JSON.parse(renderRulesJson(RULES)) as {
    rules: { id: string; trend: string; fix: string | null }[];
  };
  assert.deepEqual(
    rules.map(({ id, trend, fix }) => [id, trend, fix]),
    [
      ['security/sql-injection', 'security', 'suggest'],
      ['containers/root-user', 'containers', null],
    ],
  );
  const [first] = RULES;
  assert.ok(first);
  assert.match(renderRule(first, '# Page\n'), /cwe +CWE-89\n[\s\S]*\n# Page\n$/);
});
