import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import ajvDraft4 from 'ajv-draft-04';
import addFormats from 'ajv-formats';
import fc from 'fast-check';
import type { Log, Run } from 'sarif';
import type { Finding } from '../../src/engine/model/finding.ts';
import { renderSarif } from '../../src/report/sarif.ts';
import { findingWith } from '../harness/finding.ts';
import { FINDINGS, reportWith } from '../harness/report.ts';

const schema = JSON.parse(
  readFileSync(new URL('../harness/sarif-2.1.0-rtm.5.json', import.meta.url), 'utf8'),
) as object;
const ajv = new ajvDraft4.default({ strict: false, unicodeRegExp: false });
addFormats.default(ajv);
const validate = ajv.compile(schema);

function runOf(findings: readonly Finding[]): Run {
  const log = JSON.parse(renderSarif(reportWith({ findings }))) as Log;
  assert.ok(validate(log), JSON.stringify(validate.errors));
  assert.equal(log.runs.length, 1);
  return log.runs[0] as Run;
}

const finding: fc.Arbitrary<Finding> = fc
  .record({
    message: fc.string({ unit: 'binary', minLength: 1 }),
    severity: fc.constantFrom('error', 'warning', 'info', 'hint'),
    confidence: fc.constantFrom('high', 'medium', 'low'),
    file: fc.string({ minLength: 1 }).filter(file => !/^[/\\]+$/.test(file)),
    start: fc.nat(300),
    cwe: fc.array(fc.integer({ min: 1, max: 1400 }), { maxLength: 30 }),
    reason: fc.option(fc.string({ unit: 'binary' }), { nil: undefined }),
  })
  .map(({ file, start, reason, ...rest }) =>
    findingWith({
      ...rest,
      message: rest.message,
      span: { file: file, start, end: start + 3 },
      evidence: [{ span: { file: 'src/app.ts', start, end: start }, message: 'Seen here.' }],
      ...(reason === undefined ? {} : { suppression: { kind: 'comment', reason: reason } }),
    }),
  );

test('whatever is found, the log is valid SARIF 2.1.0', () => {
  fc.assert(
    fc.property(fc.array(finding, { maxLength: 6 }), findings => {
      assert.equal(runOf(findings).results?.length, findings.length);
    }),
  );
});

test('places are relative URIs with forward slashes below the source root', () => {
  const odd = findingWith({ span: { file: 'src\\a b\\ü#?\uD800.ts', start: 0, end: 0 } });
  const [result] = runOf([odd]).results ?? [];
  assert.deepEqual(result?.locations?.[0]?.physicalLocation?.artifactLocation, {
    uri: 'src/a%20b/%C3%BC%23%3F%EF%BF%BD.ts',
    uriBaseId: '%SRCROOT%',
  });
});

test('the proof is a code flow that ends at the finding', () => {
  const result = runOf(FINDINGS).results?.find(({ ruleId }) => ruleId === 'security/sql-injection');
  const steps = result?.codeFlows?.[0]?.threadFlows[0]?.locations ?? [];
  assert.deepEqual(
    steps.map(({ location }) => location?.message?.text),
    ['The id comes from the path.', 'It is put into the text here.', 'The id of the request becomes part of SQL text.'],
  );
  assert.equal(result?.relatedLocations?.length, 2);
  assert.deepEqual(result?.partialFingerprints, { 'underpin/v1': '0000000000000004' });
});

test('suppressions say their kind and reason', () => {
  const kinds = (runOf(FINDINGS).results ?? []).flatMap(({ suppressions = [] }) =>
    suppressions.map(({ kind, justification }) => `${kind}: ${justification}`),
  );
  assert.deepEqual(kinds.sort(), ['external: Accepted in the baseline file.', 'inSource: only <in> CI']);
});

test('rules carry tags, precision and a security severity; only URLs become links', () => {
  const rules = runOf(FINDINGS).tool.driver.rules ?? [];
  const sql = rules.find(({ id }) => id === 'security/sql-injection');
  assert.deepEqual(sql?.properties, {
    tags: ['security', 'external/cwe/cwe-089', 'external/owasp/a05-2025'],
    precision: 'high',
    'problem.severity': 'error',
    'security-severity': '8.0',
  });
  assert.equal(sql?.helpUri, 'https://example.com/rules/security/sql-injection');
  const root = rules.find(({ id }) => id === 'containers/root-user');
  assert.equal(root?.helpUri, undefined);
  assert.equal(root?.properties?.['security-severity'], undefined);
});

test('the log stays within the limits and says what it left out', () => {
  const step = { span: { file: 'a.ts', start: 0, end: 0 }, message: 'Step.' };
  const many = Array.from({ length: 5003 }, (_, at) =>
    findingWith({
      severity: at < 5000 ? 'hint' : 'error',
      fingerprint: String(at).padStart(16, '0'),
      span: { file: 'a.ts', start: at, end: at },
      cwe: Array.from({ length: 40 }, (__, cwe) => cwe + 1),
      evidence: at === 5002 ? Array.from({ length: 1500 }, () => step) : [],
    }),
  );
  const { results = [], invocations, tool } = runOf(many);
  assert.equal(results.length, 5000);
  assert.deepEqual(
    results.slice(0, 4).map(({ level }) => level),
    ['error', 'error', 'error', 'note'],
  );
  assert.match(
    invocations?.[0]?.toolExecutionNotifications?.[0]?.message.text ?? '',
    /^3 results of the lowest severity/,
  );
  const longest = results[2];
  assert.ok((longest?.relatedLocations?.length ?? 0) === 100);
  assert.ok((longest?.codeFlows?.[0]?.threadFlows[0]?.locations.length ?? 0) === 1000);
  assert.ok((tool.driver.rules?.[0]?.properties?.tags?.length ?? 0) <= 20);
});

test('an incomplete scan is not called successful', () => {
  const [invocation] = runOf([]).invocations ?? [];
  assert.equal(invocation?.executionSuccessful, false);
  assert.equal(invocation?.toolConfigurationNotifications?.length, 1);
});
