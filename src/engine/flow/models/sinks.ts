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

/** Sinks of calls no adapter speaks for, by API path and position. `shell`: only where a shell is asked for. */
export interface CallSink {
  readonly kind: SinkKind;
  readonly arg: number;
  readonly shell?: true;
}

const command = (arg = 0): CallSink[] => [{ kind: 'command', arg }];
const shellOnly: CallSink[] = [
  { kind: 'command', arg: 0, shell: true },
  { kind: 'command', arg: 1, shell: true },
];
const code = (arg = 0): CallSink[] => [{ kind: 'code', arg }];
const url = (arg = 0): CallSink[] => [{ kind: 'url', arg }];

export const CALL_SINKS: Readonly<Record<string, readonly CallSink[]>> = {
  'node:child_process.exec': command(),
  'node:child_process.execSync': command(),
  'node:child_process.spawn': [...command(), ...shellOnly],
  'node:child_process.spawnSync': [...command(), ...shellOnly],
  'node:child_process.execFile': [...command(), ...shellOnly],
  'node:child_process.execFileSync': [...command(), ...shellOnly],
  'node:child_process.fork': command(),
  'shelljs.exec': command(),
  'execa.execa': [...command(), ...shellOnly],
  execa: [...command(), ...shellOnly],
  'execa.execaCommand': command(),
  'execa.execaCommandSync': command(),
  'cross-spawn': [...command(), ...shellOnly],
  eval: code(),
  Function: [...code(0), ...code(1), ...code(2)],
  setTimeout: code(),
  setInterval: code(),
  'node:vm.runInNewContext': code(),
  'node:vm.runInThisContext': code(),
  'node:vm.runInContext': code(),
  'node:vm.compileFunction': code(),
  'node:vm.Script': code(),
  'vm2.VM#run': code(),
  'vm2.NodeVM#run': code(),
  'sandbox#run': code(),
  'node-serialize.unserialize': code(),
  'serialize-to-js.deserialize': code(),
  'funcster.deepDeserialize': code(),
  'ejs.render': code(),
  'ejs.compile': code(),
  'pug.render': code(),
  'pug.compile': code(),
  'handlebars.compile': code(),
  'nunjucks.renderString': code(),
  'lodash.template': code(),
  'dot.template': code(),
  require: code(),
  'needle.get': url(),
  'needle.post': url(),
  needle: url(1),
  'superagent.get': url(),
  'superagent.post': url(),
  'superagent.put': url(),
  request: url(),
  'request.get': url(),
  'request.post': url(),
  'node-fetch': url(),
  'ky.get': url(),
  'ky.post': url(),
  ky: url(),
  'puppeteer.launch()#newPage()#goto': url(),
  'puppeteer-core.launch()#newPage()#goto': url(),
  'playwright.chromium.launch()#newPage()#goto': url(),
};

/** Sinks of answers; the position, or -1 for the last argument. */
export const RESPONSE_SINKS: Readonly<Partial<Record<ResponseKind, { kind: SinkKind; arg: number }>>> = {
  redirect: { kind: 'redirect', arg: -1 },
  send: { kind: 'html', arg: 0 },
  html: { kind: 'html', arg: 0 },
  end: { kind: 'html', arg: 0 },
  file: { kind: 'path', arg: 0 },
};

/** Commands of which the first word starts a shell: their arguments are commands too. */
export const SHELLS: ReadonlySet<string> = new Set([
  'sh',
  'bash',
  'zsh',
  'dash',
  '/bin/sh',
  '/bin/bash',
  'cmd',
  'cmd.exe',
  'powershell',
  'pwsh',
]);
