import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Compares with a reviewed file; with UPDATE_GOLDEN=1 in the environment the file is written instead. */
export function assertGolden(url: URL, actual: string): void {
  const file = fileURLToPath(url);
  if (process.env['UPDATE_GOLDEN'] === '1') {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, actual);
    return;
  }
  assert.ok(existsSync(file), `${file} is missing; run once with UPDATE_GOLDEN=1 and review it`);
  // A checkout may have turned line ends.
  assert.equal(actual, readFileSync(file, 'utf8').replaceAll('\r\n', '\n'));
}
