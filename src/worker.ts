import { parentPort } from 'node:worker_threads';
import { factsOf } from './engine/facts-of.ts';

/** Extracts files of one chunk; facts go back as JSON, which is what the cache stores anyway. */
parentPort?.on('message', (files: readonly (readonly [path: string, text: string])[]) => {
  parentPort?.postMessage(files.map(([path, text]) => JSON.stringify(factsOf(path, text) ?? null)));
});
