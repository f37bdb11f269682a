import { type Command, CommanderError } from 'commander';
import type { CliDeps, CliIo, Context } from './context.ts';
import { CliError, EXIT, type ExitCode } from './exit.ts';
import { program } from './program.ts';

/** Runs one command line (without node and script) and answers with its exit code; it never throws. */
export async function runCli(argv: readonly string[], io: CliIo, deps: CliDeps): Promise<ExitCode> {
  let result: ExitCode = EXIT.clean;
  const main: Command = program(deps, async work => {
    const { color } = main.opts<{ color?: boolean }>();
    result = await work({ io, deps, color: color ?? usesColor(io) } satisfies Context);
  });
  prepare(main, io);
  try {
    await main.parseAsync([...argv], { from: 'user' });
    return result;
  } catch (error) {
    return report(error, io);
  }
}

/** https://no-color.org; FORCE_COLOR is what Node itself reads. */
function usesColor({ stdout, env }: CliIo): boolean {
  if (env['NO_COLOR']) return false;
  if (env['FORCE_COLOR'] && env['FORCE_COLOR'] !== '0') return true;
  return stdout.isTTY && env['TERM'] !== 'dumb';
}

function prepare(command: Command, io: CliIo): void {
  command.exitOverride().configureOutput({
    writeOut: text => io.stdout.write(text),
    writeErr: text => io.stderr.write(text),
    getOutHasColors: () => false,
    getErrHasColors: () => false,
  });
  for (const child of command.commands) prepare(child, io);
}

function report(error: unknown, { stderr, env, signal }: CliIo): ExitCode {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.clean : EXIT.usage;
  if (signal?.aborted || (error instanceof Error && error.name === 'AbortError')) {
    stderr.write('Cancelled.\n');
    return EXIT.interrupted;
  }
  if (error instanceof CliError) {
    stderr.write(`underpin: ${error.message}\n`);
    return error.exitCode;
  }
  const detail = error instanceof Error ? (env['UNDERPIN_DEBUG'] ? error.stack : error.message) : String(error);
  stderr.write(`underpin: internal error: ${detail}\n`);
  if (!env['UNDERPIN_DEBUG']) stderr.write('Set UNDERPIN_DEBUG=1 for details.\n');
  return EXIT.incomplete;
}
