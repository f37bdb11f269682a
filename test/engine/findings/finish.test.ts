import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Config } from '../../../src/engine/config/config.ts';
import { configLookup } from '../../../src/engine/config/lookup.ts';
import { type FinishInput, finishFindings } from '../../../src/engine/findings/finish.ts';
import { readSuppressions } from '../../../src/engine/findings/suppression.ts';
import { draftWith, spanOf } from '../../harness/finding.ts';

const FILE = 'src/app.ts';
const TEXT = [
  '// underpin-ignore security/missing-auth -- a landing page',
  "app.get('/', home);",
  "app.post('/orders', createOrder);",
  '// underpin-ignore api/unvalidated-input',
  "app.post('/carts', createCart);",
].join('\n');

const TAG = { theme: 'security', benefits: ['security'], defaultOn: true } as const;

function finish(config: Config, over: Partial<FinishInput> = {}) {
  const result = finishFindings({
    drafts: [
      draftWith({ span: spanOf(FILE, TEXT, "app.get('/'"), anchor: 'GET /' }),
      draftWith({ span: spanOf(FILE, TEXT, "app.post('/orders'") }),
      draftWith({ span: spanOf(FILE, TEXT, "app.post('/carts'"), confidence: 'low' }),
    ],
    suppressions: readSuppressions(FILE, TEXT),
    rules: new Map([
      ['security/missing-auth', TAG],
      ['api/unvalidated-input', TAG],
    ]),
    textOf: () => TEXT,
    settingsOf: configLookup(new Map([['', config]])).settingsOf,
    ...over,
  });
  return {
    ...result,
    lines: result.findings.map(({ ruleId, severity, suppression }) =>
      [ruleId, severity, suppression?.kind ?? 'open'].join(' '),
    ),
  };
}

test('without settings: low confidence is left out, comments count, hygiene is reported', () => {
  assert.deepEqual(finish({}).lines, [
    'security/missing-auth warning comment',
    'security/missing-auth warning open',
    'underpin/unused-suppression info open',
  ]);
});

test('settings change severity, confidence and what is on; hygiene rules obey too', () => {
  const { lines } = finish({
    minConfidence: 'low',
    rules: { 'security/missing-auth': 'error', 'underpin/unused-suppression': 'off' },
  });
  assert.deepEqual(lines, [
    'security/missing-auth error comment',
    'security/missing-auth error open',
    'security/missing-auth error open',
  ]);
});

test('a rule that is off is silent and so are the comments that name it', () => {
  assert.deepEqual(finish({ rules: { 'security/missing-auth': 'off', 'api/unvalidated-input': 'off' } }).lines, []);
});

test('a comment for a rule that did not run is not called unused', () => {
  const { lines } = finish({}, { ranRules: new Set(['security/missing-auth']) });
  assert.deepEqual(lines, ['security/missing-auth warning comment', 'security/missing-auth warning open']);
});

test('a rule that is off by default is on where a configuration gives it a severity', () => {
  const rules = new Map([['security/missing-auth', { ...TAG, defaultOn: false }]]);
  assert.deepEqual(finish({}, { rules, suppressions: [] }).lines, []);
  assert.equal(finish({ rules: { 'security/missing-auth': 'hint' } }, { rules, suppressions: [] }).lines.length, 2);
});

test('files that are excluded are not reported', () => {
  assert.deepEqual(finish({ exclude: ['src'] }).lines, []);
});

test('fingerprints do not depend on the threshold of confidence', () => {
  const narrow = finish({}).findings.map(finding => finding.fingerprint);
  const wide = finish({}, { minConfidence: 'low' }).findings.map(finding => finding.fingerprint);
  assert.equal(wide.length, narrow.length + 1);
  for (const fingerprint of narrow) assert.ok(wide.includes(fingerprint));
});

test('the baseline marks what it accepts and tells what is gone', () => {
  const open = finish({}).findings[1];
  assert.ok(open);
  const gone = { fingerprint: 'ffffffffffffffff', rule: 'x/y', file: 'gone.ts' };
  const entry = { fingerprint: open.fingerprint, rule: open.ruleId, file: open.span.file };
  const { lines, staleBaseline } = finish({}, { baseline: [gone, entry] });
  assert.equal(lines[1], 'security/missing-auth warning baseline');
  assert.deepEqual(staleBaseline, [gone]);
});
