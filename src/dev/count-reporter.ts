import type { TestEvent } from 'node:test/reporters';
import type { Counts } from './stages.ts';

/** Gives the totals of a whole run as one line of JSON; a cancelled test counts as failed, a todo as skipped. */
export async function* countReporter(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  for await (const { type, data } of events) {
    // Each file has a summary of its own; the one without a file is the whole run's.
    if (type !== 'test:summary' || data.file !== undefined) continue;
    const { tests, passed, skipped, todo } = data.counts;
    const counts: Counts = { passed, failed: tests - passed - skipped - todo, skipped: skipped + todo };
    yield JSON.stringify(counts);
  }
}

// biome-ignore lint/style/noDefaultExport: node:test takes the default export of a reporter's module.
export default countReporter;
