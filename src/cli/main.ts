import module from 'node:module';
import { join } from 'node:path';
import type { CliDeps, Output } from './context.ts';
import { EXIT } from './exit.ts';
import { runCli } from './run.ts';

/** How long a command may take to stop after Ctrl+C before the process ends anyway. In milliseconds. */
const PATIENCE = 3000;

/** Runs the command line of this process and ends it once everything is written. */
export async function main(deps: CliDeps, cacheFolder?: string): Promise<never> {
  // The engine carries a compiler of 9 MB; Node 22 and later can keep it compiled. Node 20 lacks the function.
  if (cacheFolder !== undefined) module.enableCompileCache?.(join(cacheFolder, 'code'));
  const interrupt = new AbortController();
  process.once('SIGINT', () => {
    interrupt.abort();
    setTimeout(() => process.exit(EXIT.interrupted), PATIENCE).unref();
  });
  const [stdout, stderr] = [toOutput(process.stdout), toOutput(process.stderr)];
  const io = { stdout, stderr, env: process.env, cwd: process.cwd(), signal: interrupt.signal };
  const code = await runCli(process.argv.slice(2), io, deps);
  await Promise.all([drained(process.stdout), drained(process.stderr)]);
  process.exit(code);
}

/** A reader that goes away, as `head` does, is no error: what is left to write is dropped. */
function toOutput(stream: NodeJS.WriteStream): Output {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  return {
    isTTY: stream.isTTY === true,
    write(text) {
      if (!stream.destroyed) stream.write(text);
    },
  };
}

/** Ending the process at once would cut off what a pipe has not taken yet. */
function drained(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise(done => {
    if (stream.destroyed || stream.writableLength === 0) done();
    else stream.write('', () => done());
  });
}
