import path from 'node:path';
import type { TestEvent } from 'node:test/reporters';
import type { Counts } from './stages.ts';

/** Gives the totals of a whole run as one line of JSON; a cancelled test counts as failed, a todo as skipped. */
export async function* countReporter(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  let files = 0;
  for await (const { type, data } of events) {
    // A file in which no test ran stands in for one that passed.
    if (type === 'test:pass' && data.file !== undefined && path.resolve(data.name) === data.file) files++;
    // Each file has a summary of its own; the one without a file is the whole run's.
    if (type !== 'test:summary' || data.file !== undefined) continue;
    const { tests, passed, skipped, todo } = data.counts;
    const failed = tests - passed - skipped - todo;
    const counts: Counts = { passed: passed - files, failed, skipped: skipped + todo };
    yield JSON.stringify(counts);
  }
}

// biome-ignore lint/style/noDefaultExport: node:test takes the default export of a reporter's module.
export default countReporter;
