import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { out, root } from './paths.ts';

const TAIL_LINES = 40;

/** What one stage of the test run found; a check that is no suite counts as one test. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export const NOTHING: Counts = { passed: 0, failed: 0, skipped: 0 };

export interface CommandResult {
  readonly ok: boolean;
  /** The last lines the command wrote, without colours. */
  readonly tail: string;
}

/** Runs a program from the repository's root and shows its output as it comes. */
export function runCommand(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<CommandResult> {
  return new Promise(resolve => {
    const child = spawn(command, args, {
      cwd: root,
      env: { ...process.env, ...(process.stdout.isTTY && { FORCE_COLOR: '1' }), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const stop = () => child.kill('SIGTERM');
    process.once('exit', stop);
    const lines: string[] = [];
    const show = (stream: NodeJS.WriteStream) => (chunk: Buffer) => {
      stream.write(chunk);
      lines.push(...stripVTControlCharacters(chunk.toString()).split('\n'));
      if (lines.length > TAIL_LINES * 4) lines.splice(0, lines.length - TAIL_LINES * 2);
    };
    const end = (ok: boolean) => resolve({ ok, tail: lines.filter(Boolean).slice(-TAIL_LINES).join('\n') });
    child.stdout.on('data', show(process.stdout));
    child.stderr.on('data', show(process.stderr));
    child.on('error', error => {
      lines.push(error.message);
      end(false);
    });
    child.on('close', code => {
      process.off('exit', stop);
      end(code === 0);
    });
  });
}

/** A program that only passes or fails, such as the type checker. */
export async function runCheck(command: string, args: readonly string[]): Promise<Counts> {
  const { ok } = await runCommand(command, args);
  return { passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0 };
}

/** Files of node:test, counted by a reporter of ours beside the readable one. */
export async function runNodeTests(
  name: string,
  files: readonly string[],
  flags: readonly string[] = [],
): Promise<Counts> {
  // Without files node:test would look for some itself.
  if (files.length === 0) return NOTHING;
  const report = path.join(out, `${name}-counts.json`);
  fs.rmSync(report, { force: true });
  const { ok, tail } = await runCommand(process.execPath, [
    '--test',
    '--disable-warning=ExperimentalWarning',
    '--test-reporter=spec',
    '--test-reporter-destination=stdout',
    `--test-reporter=${path.join(import.meta.dirname, 'count-reporter.ts')}`,
    `--test-reporter-destination=${report}`,
    ...flags,
    ...files,
  ]);
  const counts = readCounts(report);
  if (!counts) return died(name, tail);
  return ok || counts.failed > 0 ? counts : { ...counts, failed: 1 };
}

/** The counts a stage left behind, or nothing when it ended before it could write them. */
export function readCounts(file: string): Counts | undefined {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

export function died(name: string, tail: string): Counts {
  console.error(`\nThe stage ${name} ended without a result. Its last lines:\n${tail}`);
  return { passed: 0, failed: 1, skipped: 0 };
}
