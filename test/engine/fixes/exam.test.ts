import assert from 'node:assert/strict';
import test, { suite } from 'node:test';
import { examine } from '../../../src/engine/fixes/exam.ts';
import type { Finding, Severity } from '../../../src/engine/model/finding.ts';

function finding(ruleId: string, message: string, severity: Severity, file = 'a.ts'): Finding {
  return { ruleId, message, severity, span: { file, start: 0, end: 1 } } as Finding;
}

const TARGET = finding('security/missing-auth', 'DELETE /x answers anyone.', 'error');

suite('the exam of a fix', () => {
  test('asks that the finding goes', () => {
    assert.deepEqual(examine([TARGET], [TARGET], [TARGET], []), ['security/missing-auth still reports here.']);
    assert.deepEqual(examine([TARGET], [TARGET], [], []), []);
  });

  test('takes a finding that says something else by now for the one it was', () => {
    const before = finding('security/auth-rate-limit', 'among the 2 steps', 'warning');
    const after = finding('security/auth-rate-limit', 'among the 3 steps', 'warning');
    assert.deepEqual(examine([TARGET], [TARGET, before], [after], []), []);
  });

  test('takes one that got worse, stands in another file or comes on top for a new one', () => {
    const before = finding('security/auth-rate-limit', 'among the 2 steps', 'warning');
    const added = ['It adds a finding of security/auth-rate-limit in a.ts.'];
    const worse = finding('security/auth-rate-limit', 'among the 3 steps', 'error');
    assert.deepEqual(examine([TARGET], [TARGET, before], [worse], []), added);
    assert.deepEqual(examine([TARGET], [TARGET, before], [before, worse], []), added);
    const elsewhere = finding('security/auth-rate-limit', 'among the 3 steps', 'warning', 'b.ts');
    assert.equal(examine([TARGET], [TARGET, before], [elsewhere], []).length, 1);
  });

  test('does not take another finding of the same rule for the one that goes', () => {
    const other = finding('security/missing-auth', 'GET /x answers anyone.', 'error');
    assert.equal(examine([TARGET], [TARGET], [other], []).length, 1);
  });

  test('names files that no longer parse', () => {
    assert.deepEqual(examine([TARGET], [TARGET], [], ['a.ts']), ['a.ts does not parse any more.']);
  });
});
