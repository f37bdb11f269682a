/** What the process answers with. */
export const EXIT = {
  clean: 0,
  /** At least one finding is as bad as `--fail-on` or worse. */
  findings: 1,
  /** Wrong arguments or a wrong configuration. */
  usage: 2,
  /** Something could not be read or failed, so that findings may be missing. */
  incomplete: 3,
  /** Ctrl+C, as shells count it. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** An error that the user can do something about: its message is all there is to say. */
export class CliError extends Error {
  readonly exitCode: ExitCode;

  constructor(message: string, exitCode: ExitCode = EXIT.usage) {
    super(message);
    this.name = 'CliError';
    this.exitCode = exitCode;
  }
}

/** A sentence for an error of the file system, without stack and system call. */
export function describeIo(error: unknown, path: string, wanted: 'read' | 'written'): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  switch (code) {
    case 'ENOENT':
      return `${path} does not exist.`;
    case 'EACCES':
    case 'EPERM':
      return `${path} cannot be ${wanted}: permission denied.`;
    case 'EROFS':
      return `${path} cannot be ${wanted}: the file system is read-only.`;
    case 'ENOSPC':
      return `${path} cannot be ${wanted}: the disk is full.`;
    case 'EISDIR':
      return `${path} is a folder.`;
    case 'ENOTDIR':
      return `${path} is not a folder.`;
    default:
      return `${path} cannot be ${wanted} (${code || 'unknown error'}).`;
  }
}
