import type { ResponseKind } from '../../frameworks/adapter.ts';
import type { Operation, OperationKind } from '../../link/operations.ts';
import { stringOf } from '../../link/values.ts';
import type { SinkKind } from '../kinds.ts';

/** Arguments of operations that do harm, by their name in the operation. */
export interface OperationSink {
  readonly kind: SinkKind;
  readonly arg: string;
  readonly when?: (operation: Operation) => boolean;
}

export const OPERATION_SINKS: Readonly<Partial<Record<OperationKind, readonly OperationSink[]>>> = {
  sql: [{ kind: 'sql', arg: 'text' }],
  exec: [{ kind: 'command', arg: 'command' }],
  'code-eval': [{ kind: 'code', arg: 'code' }],
  'file-read': [{ kind: 'path', arg: 'path' }],
  'file-write': [{ kind: 'path', arg: 'path' }],
  'http-request': [{ kind: 'url', arg: 'url' }],
  'header-set': [
    { kind: 'redirect', arg: 'value', when: ({ args }) => /^location$/i.test(stringOf(args['name']?.value) ?? '') },
  ],
};

/** Sinks of answers; the position, or -1 for the last argument. */
export const RESPONSE_SINKS: Readonly<Partial<Record<ResponseKind, readonly { kind: SinkKind; arg: number }[]>>> = {
  redirect: [{ kind: 'redirect', arg: -1 }],
  send: [{ kind: 'html', arg: 0 }],
  html: [{ kind: 'html', arg: 0 }],
  end: [{ kind: 'html', arg: 0 }],
  file: [{ kind: 'path', arg: 0 }],
  // The view's name leads to a file; among the values are the engine's own options.
  render: [
    { kind: 'path', arg: 0 },
    { kind: 'locals', arg: 1 },
  ],
};

/** Programs with options that run commands, read or write any file. */
export const TAKES_OPTIONS: ReadonlySet<string> = new Set(
  'git hg tar curl wget ssh scp rsync find zip 7z ffmpeg'.split(' '),
);

/** Commands of which the first word starts a shell: their arguments are commands too. */
export const SHELLS: ReadonlySet<string> = new Set([
  'sh',
  'bash',
  'zsh',
  'dash',
  'cmd',
  'cmd.exe',
  'powershell',
  'pwsh',
]);
