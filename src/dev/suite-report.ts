import fs from 'node:fs';
import { type Counts, died } from './stages.ts';

/** One line of the report that a suite in the extension host writes. */
export type SuiteEvent =
  | { readonly kind: 'pass'; readonly title: string; readonly ms: number }
  | { readonly kind: 'fail'; readonly title: string; readonly error: string }
  | { readonly kind: 'skip'; readonly title: string }
  | { readonly kind: 'end' };

const POLL_MS = 300;

export interface SuiteReport {
  readonly file: string;
  /** Prints what is left and gives the totals; a suite that did not come to its end counts as one failure more. */
  finish(why: string | undefined): Counts;
}

/** Follows a suite's report and prints each result as it comes. */
export function followReport(suite: string, file: string): SuiteReport {
  fs.writeFileSync(file, '');
  const events: SuiteEvent[] = [];
  const read = () => {
    const lines = fs.readFileSync(file, 'utf8').split('\n').slice(0, -1);
    for (const line of lines.slice(events.length)) {
      const event: SuiteEvent = JSON.parse(line);
      events.push(event);
      print(event);
    }
  };
  const timer = setInterval(read, POLL_MS);
  return {
    file,
    finish(why) {
      clearInterval(timer);
      read();
      const count = (kind: SuiteEvent['kind']) => events.filter(event => event.kind === kind).length;
      const counts = { passed: count('pass'), failed: count('fail'), skipped: count('skip') };
      const last = events.findLast(event => event.kind !== 'end');
      if (count('end') === 1 && (!why || counts.failed > 0)) return counts;
      const lost = died(`vscode (${suite})`, `${why ?? 'no end'}; the last result: ${last?.title ?? 'none'}`);
      return { ...counts, failed: counts.failed + lost.failed };
    },
  };
}

function print(event: SuiteEvent): void {
  if (event.kind === 'pass') console.log(`✔ ${event.title} (${event.ms} ms)`);
  if (event.kind === 'skip') console.log(`﹣ ${event.title}`);
  if (event.kind === 'fail') console.log(`✖ ${event.title}\n${event.error.replace(/^/gm, '    ')}`);
}
