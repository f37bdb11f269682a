import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createCells } from '../../../src/engine/link/kept/cells.ts';
import type { FunctionFact } from '../../../src/engine/model/facts.ts';

const fnOf = (id: number): FunctionFact => ({ id }) as FunctionFact;

/** Two values: one read from a function's body, the other from the first. */
function chain(read: () => number) {
  const cells = createCells();
  const fn = fnOf(1);
  const [near, far] = [new Map<string, number>(), new Map<string, number>()];
  const asked = { near: 0, far: 0 };
  const askNear = (): number => {
    cells.meet(near, 'it');
    const known = near.get('it');
    if (known !== undefined) return known;
    const before = cells.open(near, 'it');
    cells.keep(near, 'it');
    cells.read(fn);
    asked.near++;
    const value = read();
    near.set('it', value);
    cells.doubt(() => askNear() === value);
    cells.leave(before);
    return value;
  };
  const askFar = (): number => {
    const known = far.get('it');
    if (known !== undefined) return known;
    const before = cells.open(far, 'it');
    cells.keep(far, 'it');
    asked.far++;
    const value = askNear() * 10;
    far.set('it', value);
    cells.leave(before);
    return value;
  };
  cells.settle();
  const ask = (): number => cells.apart(askFar);
  const edit = (): void => cells.drop([fn], new Set(), [], []);
  return { ask, edit, asked };
}

describe('invariant 7: what an edit concerns is worked out anew', () => {
  it('and whoever relies on it is left alone where it says the same', () => {
    const { ask, edit, asked } = chain(() => 1);
    assert.equal(ask(), 10);
    edit();
    assert.equal(ask(), 10);
    assert.deepEqual(asked, { near: 2, far: 1 });
  });

  it('and whoever relies on it as well where it says something else', () => {
    let said = 0;
    const { ask, edit, asked } = chain(() => ++said);
    assert.equal(ask(), 10);
    edit();
    assert.equal(ask(), 20);
    assert.deepEqual(asked, { near: 2, far: 2 });
    edit();
    assert.equal(ask(), 30);
  });
});
