import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dedupe } from '../../../src/engine/findings/dedupe.ts';
import { compareBySeverity } from '../../../src/engine/model/order.ts';
import { draftWith } from '../../harness/finding.ts';

const span = { file: 'b.ts', start: 5, end: 9 };

test('of two that say the same of one place the surer one with the longer proof stays', () => {
  const proof = [{ span, message: 'Looked here.' }];
  const kept = dedupe([
    draftWith({ span, confidence: 'low', evidence: proof }),
    draftWith({ span, confidence: 'high' }),
    draftWith({ span, confidence: 'high', evidence: proof }),
    draftWith({ span, confidence: 'medium' }),
  ]);
  assert.equal(kept.length, 1);
  assert.equal(kept[0]?.confidence, 'high');
  assert.equal(kept[0]?.evidence.length, 1);
});

test('another message or place is another finding, and the result is sorted by place', () => {
  const kept = dedupe([
    draftWith({ span: { ...span, file: 'c.ts' } }),
    draftWith({ span, message: 'GET /orders is open to everyone.' }),
    draftWith({ span }),
    draftWith({ span: { file: 'b.ts', start: 1, end: 2 } }),
  ]);
  assert.deepEqual(
    kept.map(draft => [draft.span.file, draft.span.start, draft.message.slice(0, 4)]),
    [
      ['b.ts', 1, 'POST'],
      ['b.ts', 5, 'GET '],
      ['b.ts', 5, 'POST'],
      ['c.ts', 5, 'POST'],
    ],
  );
});

test('by severity the worst and surest come first', () => {
  const drafts = [
    draftWith({ span, severity: 'info' }),
    draftWith({ span, severity: 'error', confidence: 'low' }),
    draftWith({ span, severity: 'error' }),
  ].sort(compareBySeverity);
  assert.deepEqual(
    drafts.map(draft => `${draft.severity} ${draft.confidence}`),
    ['error high', 'error low', 'info high'],
  );
});
