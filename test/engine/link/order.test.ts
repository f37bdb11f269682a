import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createOrder } from '../../../src/engine/link/kept/order.ts';

interface Cell {
  readonly key: object;
  readonly isLate: boolean;
  readonly readers: Set<Cell>;
}

const cell = (...reads: Cell[]): Cell => {
  const own: Cell = { key: {}, isLate: false, readers: new Set() };
  for (const one of reads) one.readers.add(own);
  return own;
};

const order = () =>
  createOrder<Cell>(start => {
    const out = new Set(start);
    for (const one of out) for (const reader of one.readers) out.add(reader);
    return out;
  });

describe('invariant 7: values that depend on who asked first', () => {
  it('fall together when an edit concerns anybody who reads one of them, and no others do', () => {
    const [a, b, c, other] = [cell(), cell(), cell(), cell()];
    const reader = cell(a);
    const groups = order();
    groups.cut([a, b]);
    groups.cut([b, c]);
    groups.cut([other]);
    assert.deepEqual(new Set(groups.beginEdit([reader])), new Set([reader, a, b, c]));
  });

  it('fall with another group that reads them', () => {
    const a = cell();
    const b = cell(a);
    const groups = order();
    groups.cut([a]);
    groups.cut([b]);
    assert.deepEqual(new Set(groups.beginEdit([b])), new Set([b, a]));
  });

  it('are asked anew once somebody asks for them who did not before', () => {
    const a = cell();
    const reader = cell(a);
    const groups = order();
    groups.cut([a]);
    groups.beginEdit([cell()]);
    groups.ask(a.key, reader.key);
    assert.equal(groups.takeDisturbed(), undefined);
    groups.ask(a.key, cell().key);
    assert.deepEqual(groups.takeDisturbed(), [a]);
    assert.equal(groups.takeDisturbed(), undefined);
  });

  it('are asked anew once a value that is cut later turns out to belong to them', () => {
    const [a, later] = [cell(), cell()];
    const groups = order();
    groups.cut([a]);
    groups.beginEdit([cell()]);
    groups.cut([a, later]);
    assert.deepEqual(new Set(groups.takeDisturbed()), new Set([a, later]));
  });
});
