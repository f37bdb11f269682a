import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { type Facts, factsOf } from '../engine/facts-of.ts';

/** Below this many UTF-16 units a second thread costs more to start than it saves. */
const WORTH_A_THREAD = 6_000_000;
const CHUNK = 150_000;
const MOST_THREADS = 4;
/** Cores that one thread of extraction keeps busy: the collector and the compiler of V8 work beside it. */
const CORES_OF_A_THREAD = 2;
/** Chunks a worker has at hand: this thread hands out the next one only between two chunks of its own. */
const AHEAD = 3;

export interface ExtractJob {
  readonly path: string;
  readonly text: string;
}

/** `json`: the facts as JSON, where they came that way. */
export type ExtractDone<J extends ExtractJob> = (job: J, facts: Facts | null, json?: string) => void;

export interface ExtractOptions {
  /** The bundled worker; undefined: this thread does it all. */
  readonly workerUrl: URL | undefined;
  readonly signal: AbortSignal | undefined;
  /** Threads beside this one; undefined: as many as pay on this machine. */
  readonly threads?: number;
  /** Called between chunks on this thread. */
  readonly pause: () => Promise<void>;
}

/** Extracts many files, on several threads if there is much to do. Which thread read a file changes nothing. */
export async function extractAll<J extends ExtractJob>(
  jobs: readonly J[],
  done: ExtractDone<J>,
  options: ExtractOptions,
): Promise<void> {
  const total = jobs.reduce((sum, job) => sum + job.text.length, 0);
  const queue = chunks(jobs);
  const most = options.threads ?? Math.min(availableParallelism() - CORES_OF_A_THREAD, MOST_THREADS);
  const helpers = options.workerUrl && total > WORTH_A_THREAD ? Math.max(most, 0) : 0;
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

/** Feeds one worker from the shared queue; a worker that fails hands its chunks back to this thread. */
function runWorker<J extends ExtractJob>(
  url: URL,
  queue: (readonly J[])[],
  done: ExtractDone<J>,
): { finished: Promise<void>; stop(): void } {
  const worker = new Worker(url);
  worker.unref();
  const finished = new Promise<void>(resolve => {
    const sent: (readonly J[])[] = [];
    const fill = (): void => {
      while (sent.length < AHEAD) {
        const chunk = queue.pop();
        if (!chunk) break;
        sent.push(chunk);
        worker.postMessage(chunk.map(({ path, text }) => [path, text]));
      }
      if (sent.length === 0) resolve();
    };
    worker.on('message', (results: readonly string[]) => {
      for (const [position, job] of (sent.shift() ?? []).entries()) {
        const json = results[position] ?? 'null';
        done(job, JSON.parse(json) as Facts | null, json);
      }
      fill();
    });
    worker.on('error', () => {
      for (const job of sent.splice(0).flat()) done(job, factsOf(job.path, job.text) ?? null);
      resolve();
    });
    fill();
  });
  return { finished, stop: () => void worker.terminate() };
}

/** Chunks of similar size; the biggest files first, so that no thread ends long after the others. */
function chunks<J extends ExtractJob>(jobs: readonly J[]): J[][] {
  const out: J[][] = [];
  let current: J[] = [];
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
