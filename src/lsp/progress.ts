import type { Connection } from 'vscode-languageserver';
import type { ShowProgress } from './folder.ts';

/** Milliseconds a scan may take before it is worth a word. */
const PATIENCE = 300;
/** Milliseconds between two reports of one scan. */
const INTERVAL = 100;

/** Work-done progress for scans that take longer than a blink, with a cancel button. */
export function createProgress(connection: Connection, supported: () => boolean): ShowProgress {
  return cancel => {
    let reporter: Awaited<ReturnType<Connection['window']['createWorkDoneProgress']>> | undefined;
    let reported = 0;
    let ended = false;

    async function begin(): Promise<void> {
      const created = await connection.window.createWorkDoneProgress();
      if (ended) return;
      created.begin('Underpin: scanning', 0, undefined, true);
      created.token.onCancellationRequested(cancel);
      reporter = created;
    }

    const timer = setTimeout(() => {
      if (supported()) begin().catch(() => undefined);
    }, PATIENCE);

    return {
      report(done, total, phase) {
        const now = Date.now();
        if (!reporter || (phase === 'read' && now - reported < INTERVAL)) return;
        reported = now;
        reporter.report(
          // The analysis cannot tell how far it is: the bar stays full meanwhile.
          phase === 'read' && total > 0 ? Math.floor((done / total) * 100) : 100,
          phase === 'read' ? `Reading ${done} of ${total} files` : 'Working out routes and findings',
        );
      },
      end() {
        ended = true;
        clearTimeout(timer);
        reporter?.done();
      },
    };
  };
}
