import { main } from '../../src/cli/main.ts';
import { markerSession } from './cli.ts';

// The real entry around a marker session, for tests of what only a process has: streams, signals, exit.
await main({
  version: '1.2.3',
  createSession(choice) {
    const over = process.env['ENDLESS']
      ? {
          scan: ({ signal }: { signal?: AbortSignal } = {}) =>
            new Promise<never>((_, reject) => {
              const timer = setInterval(() => undefined, 1000);
              signal?.addEventListener('abort', () => {
                clearInterval(timer);
                reject(signal.reason);
              });
              process.stderr.write('scanning\n');
            }),
        }
      : {};
    return markerSession(choice, { over });
  },
  startLanguageServer: async () => undefined,
  page: async () => undefined,
  searchPages: async () => [],
});
