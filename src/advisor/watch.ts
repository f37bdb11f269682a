import { AdvisorError, cancelled } from './advisor-error.ts';

/** One abort signal for the user's wish and two clocks, and the error that says which of them it was. */
export interface Watch {
  readonly signal: AbortSignal;
  /** Rejects when the signal fires; race it, so that nothing can hang. */
  readonly stopped: Promise<never>;
  readonly error: AdvisorError | undefined;
  /** Restarts the inner clock. */
  expectWithin(ms: number, message: string): void;
  /** Stops the inner clock. */
  expectNothing(): void;
  stop(error: AdvisorError): void;
  dispose(): void;
}

export function startWatch(signal: AbortSignal | undefined, totalMs: number, message: string): Watch {
  const controller = new AbortController();
  let error: AdvisorError | undefined;
  let inner: ReturnType<typeof setTimeout> | undefined;
  let reject: (reason: AdvisorError) => void = () => {};
  const stopped = new Promise<never>((_, refuse) => {
    reject = refuse;
  });
  stopped.catch(() => {});

  const stop = (reason: AdvisorError) => {
    if (error) return;
    error = reason;
    reject(reason);
    controller.abort();
  };
  const onAbort = () => stop(cancelled());
  const total = setTimeout(() => stop(new AdvisorError('timeout', message)), totalMs);
  if (signal?.aborted) onAbort();
  signal?.addEventListener('abort', onAbort, { once: true });

  return {
    signal: controller.signal,
    stopped,
    get error() {
      return error;
    },
    expectWithin(ms, innerMessage) {
      clearTimeout(inner);
      inner = setTimeout(() => stop(new AdvisorError('timeout', innerMessage)), ms);
    },
    expectNothing() {
      clearTimeout(inner);
    },
    stop,
    dispose() {
      clearTimeout(total);
      clearTimeout(inner);
      signal?.removeEventListener('abort', onAbort);
    },
  };
}
