import type { CliIo } from './context.ts';

const WIDTH = 24;
const CLEAR = '\r\u001b[K';
/** More often than this a terminal flickers. In milliseconds. */
const PAUSE = 80;

export interface Progress {
  update(done: number, total: number, phase: string): void;
  /** Takes the bar away, so that what follows starts on a clean line. */
  clear(): void;
}

/** A bar on a terminal; nothing when stderr goes to a file or a pipe. `now` is a clock in milliseconds. */
export function progressBar({ stderr, env }: CliIo, now: () => number = Date.now): Progress {
  if (!stderr.isTTY || env['TERM'] === 'dumb' || env['CI']) return { update: () => undefined, clear: () => undefined };
  let last = Number.NEGATIVE_INFINITY;
  let isShown = false;
  return {
    update(done, total, phase) {
      const isCounted = phase === 'read';
      if (isCounted && now() - last < PAUSE) return;
      last = now();
      isShown = true;
      // The analysis cannot tell how far it is: the bar stays full meanwhile.
      const share = isCounted ? (total > 0 ? Math.min(1, done / total) : 0) : 1;
      const full = Math.round(share * WIDTH);
      const words = isCounted ? `${Math.round(share * 100)} % read` : 'working out routes and findings';
      stderr.write(`${CLEAR}${'█'.repeat(full)}${'░'.repeat(WIDTH - full)} ${words}`);
    },
    clear() {
      if (isShown) stderr.write(CLEAR);
      isShown = false;
    },
  };
}
