import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { type Facts, factsOf } from '../engine/engine.ts';

/** Below this many UTF-16 units a second thread costs more to start than it saves. */
const WORTH_A_THREAD = 6_000_000;
const CHUNK = 300_000;
const MOST_THREADS = 4;

export interface ExtractJob {
  readonly path: string;
  readonly text: string;
}

export type ExtractDone = (job: ExtractJob, facts: Facts | null) => void;

export interface ExtractOptions {
  /** The bundled worker; undefined: this thread does it all. */
  readonly workerUrl: URL | undefined;
  readonly signal: AbortSignal | undefined;
  /** Called between chunks on this thread. */
  readonly pause: () => Promise<void>;
}

/** Extracts many files, on several threads if there is much to do. Which thread read a file changes nothing. */
export async function extractAll(
  jobs: readonly ExtractJob[],
  done: ExtractDone,
  options: ExtractOptions,
): Promise<void> {
  const total = jobs.reduce((sum, job) => sum + job.text.length, 0);
  const queue = chunks(jobs);
  const helpers = options.workerUrl && total > WORTH_A_THREAD ? Math.min(availableParallelism() - 1, MOST_THREADS) : 0;
  const workers = Array.from({ length: helpers }, () => runWorker(options.workerUrl!, queue, done));
  try {
    for (let chunk = queue.pop(); chunk; chunk = queue.pop()) {
      for (const job of chunk) done(job, factsOf(job.path, job.text) ?? null);
      await options.pause();
      options.signal?.throwIfAborted();
    }
    await Promise.all(workers.map(worker => worker.finished));
  } finally {
    for (const worker of workers) worker.stop();
  }
}

/** Feeds one worker from the shared queue; a worker that fails hands its chunk back to this thread. */
function runWorker(
  url: URL,
  queue: (readonly ExtractJob[])[],
  done: ExtractDone,
): { finished: Promise<void>; stop(): void } {
  const worker = new Worker(url);
  worker.unref();
  const finished = new Promise<void>(resolve => {
    let chunk: readonly ExtractJob[] | undefined;
    const next = (): void => {
      chunk = queue.pop();
      if (chunk) worker.postMessage(chunk.map(({ path, text }) => [path, text]));
      else resolve();
    };
    worker.on('message', (results: readonly string[]) => {
      chunk?.forEach((job, position) => {
        done(job, JSON.parse(results[position] ?? 'null') as Facts | null);
      });
      next();
    });
    worker.on('error', () => {
      for (const job of chunk ?? []) done(job, factsOf(job.path, job.text) ?? null);
      resolve();
    });
    next();
  });
  return { finished, stop: () => void worker.terminate() };
}

/** Chunks of similar size; the biggest files first, so that no thread ends long after the others. */
function chunks(jobs: readonly ExtractJob[]): ExtractJob[][] {
  const out: ExtractJob[][] = [];
  let current: ExtractJob[] = [];
  let size = 0;
  for (const job of [...jobs].sort((a, b) => a.text.length - b.text.length)) {
    current.push(job);
    size += job.text.length;
    if (size < CHUNK) continue;
    out.push(current);
    current = [];
    size = 0;
  }
  if (current.length) out.push(current);
  return out;
}
