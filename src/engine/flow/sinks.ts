import { evaluate } from '../link/evaluate.ts';
import { stringOf } from '../link/values.ts';
import type { Expr, ExprOf } from '../model/facts.ts';
import { answerSinks, answersHtml, statedType } from './answers.ts';
import { flowOf } from './expressions.ts';
import { maskOf } from './kinds.ts';
import { CALL_SINKS } from './models/call-sinks.ts';
import { UNPACKERS } from './models/data-sinks.ts';
import { ALL, type CallSink, RECEIVER } from './models/sink-table.ts';
import { SHELLS, TAKES_OPTIONS } from './models/sinks.ts';
import { rawValueSinks } from './raw-values.ts';
import { reach } from './reach.ts';
import { propertyOf } from './registered.ts';
import { asText, everything, read, type Taint } from './taint.ts';
import { inlineTemplateSinks } from './template-sinks.ts';
import type { Walk } from './walk.ts';

/** Sinks of functions no adapter speaks for, and of answers. */
export function callSinks(walk: Walk, e: ExprOf<'call'>, path: string, args: readonly Taint[], receiver: Taint): void {
  for (const sink of CALL_SINKS[path] ?? [])
    if (applies(walk, e, path, sink)) callSink(walk, e, path, sink, args, receiver);
  rawValueSinks(walk, e, path);
  answerSinks(walk, e, path, args);
  inlineTemplateSinks(walk, e, path, args);
}

function callSink(
  walk: Walk,
  e: ExprOf<'call'>,
  path: string,
  { kind, arg, property, numeric, shell }: CallSink,
  args: readonly Taint[],
  receiver: Taint,
): void {
  if (arg === RECEIVER) {
    reach(walk, e, kind, path, { k: 'unk', p: e.f.k === 'mem' ? e.f.np : e.f.p }, receiver);
    return;
  }
  for (const [position, given] of e.a.entries()) {
    if (arg !== ALL && arg !== position) continue;
    const taint = numeric ? numbersOf(args[position]!) : args[position]!;
    if (property !== undefined)
      reach(walk, e, kind, path, (given.k === 'obj' && propertyOf(given, property)) || given, read(taint, property));
    else if (kind === 'option') optionSinks(walk, e, path, given, taint);
    else if (shell && position > 0) shellSink(walk, e, path, given, taint);
    else
      reach(
        walk,
        e,
        kind,
        path,
        given,
        taint,
        kind === 'html' ? statedType(walk) : kind === 'header' && arg > 0 ? { stated: true } : {},
      );
  }
}

/** A shell gets a program and its arguments as one text, or one behind `-c`. */
function shellSink(walk: Walk, e: ExprOf<'call'>, path: string, list: Expr, taint: Taint): void {
  const option = isShellAsked(e) || list.k !== 'arr' ? undefined : list.e.findIndex(isCommandOption);
  if (option === undefined) {
    const command = e.a[0] && stringOf(evaluate(walk.program, walk.env, e.a[0]));
    const own = asText(everything(taint), command === undefined || list.k !== 'arr' ? '' : `${command} `, 0);
    reach(walk, e, 'command', path, list, isShellAsked(e) ? { own, fields: undefined } : taint);
    return;
  }
  const text = list.k === 'arr' ? list.e[option + 1] : undefined;
  if (text) reach(walk, e, 'command', path, text, read(taint, String(option + 1)));
}

/** `-c`, also with other options in front: `-lc`; `/c` and `-Command` of Windows. */
function isCommandOption(e: Expr): boolean {
  return e.k === 'str' && /^(?:-[a-z]*c|\/[cC]|-Command)$/.test(e.v);
}

function numbersOf({ own }: Taint): Taint {
  return { own: own.filter(({ mask }) => mask & maskOf('number')), fields: undefined };
}

function applies(walk: Walk, e: ExprOf<'call'>, path: string, sink: CallSink): boolean {
  const { shell, switched, unless, below, kind, first, filled } = sink;
  if (filled && e.a.length < 2) return false;
  if (first && !first.test((e.a[0] && stringOf(evaluate(walk.program, walk.env, e.a[0]))) ?? '')) return false;
  if (shell && !startsShell(walk, e)) return false;
  if (switched && !switched.some(name => states(e, name, true))) return false;
  if (unless?.some(name => states(e, name, false))) return false;
  if (below && !isBelow(walk.program.project.versionOf(walk.env.unit.path, packageOf(path)), below)) return false;
  return kind !== 'html' || answersHtml(walk, path);
}

/** Whether an option is stated among the arguments; `on`: as true. */
function states(e: ExprOf<'call'>, name: string, on: boolean): boolean {
  return e.a.some(arg => {
    if (arg.k !== 'obj') return false;
    const stated = propertyOf(arg, name);
    // Options that are spread into these may say it: what forbids a sink need not be seen, what makes one must.
    if (stated === undefined) return !on && arg.props.some(prop => prop.k === 'spread');
    return !(on && stated.k === 'bool' && !stated.v);
  });
}

/** The package of an API path. */
export function packageOf(path: string): string {
  return /^(?:@[^/]+\/)?[^.#(/]+(?:\.js(?=[.#(]))?/.exec(path)?.[0] ?? path;
}

function isBelow(version: string | undefined, limit: string): boolean {
  if (version === undefined) return false;
  const [own, other] = [version, limit].map(text => text.split('.').map(Number));
  for (let at = 0; at < 3; at++) {
    const difference = (own![at] ?? 0) - (other![at] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}

/** `node -e code`. */
function evaluatedSinks(walk: Walk, e: ExprOf<'call'>, path: string, list: ExprOf<'arr'>): void {
  const at = list.e.findIndex(one => one.k === 'str' && /^(?:-e|-p|-pe|--eval|--print)$/.test(one.v));
  const code = at === -1 ? undefined : list.e[at + 1];
  if (code) reach(walk, e, 'code', path, code, flowOf(walk, code));
}

const GIT_FETCHES = /^(?:clone|fetch|pull|ls-remote|archive|submodule|remote|push|-c|--exec-path|--upload-pack)/;

/** Arguments of programs that do what their options say; behind `--` there are none. */
function optionSinks(walk: Walk, e: ExprOf<'call'>, path: string, list: Expr, taint: Taint): void {
  const command = e.a[0] && stringOf(evaluate(walk.program, walk.env, e.a[0]));
  const program = command?.replace(/^.*\//, '');
  if (program === 'node' && list.k === 'arr') evaluatedSinks(walk, e, path, list);
  if (program === undefined || !TAKES_OPTIONS.has(program)) return;
  // Most of what git does runs nothing else.
  if (program === 'git' && list.k === 'arr' && list.e[0]?.k === 'str' && !GIT_FETCHES.test(list.e[0].v)) return;
  if (list.k !== 'arr') {
    const value = evaluate(walk.program, walk.env, list);
    if (value.k !== 'array' || !value.items.some(item => stringOf(item) === '--'))
      reach(walk, e, 'option', path, list, { own: everything(taint), fields: undefined });
    return;
  }
  for (const [position, one] of list.e.entries()) {
    if (one.k === 'str' && one.v === '--') return;
    reach(walk, e, 'option', path, one, read(taint, String(position)));
  }
}

/** `data.pipe(createGunzip())`. */
export function pipeSinks(walk: Walk, e: ExprOf<'call'>, receiver: Taint): void {
  const [into] = e.a;
  const value = into && evaluate(walk.program, walk.env, into);
  if (!into || value?.k !== 'api' || !UNPACKERS.has(value.path)) return;
  const made = value.made?.call;
  if (!made || !['maxReadSize', 'maxOutputLength'].some(name => states(made, name, false)))
    reach(walk, e, 'inflate', value.path, into, receiver);
}

/** Whether a shell is started: by an option, as the program, or by a program that starts another: `sudo sh -c`. */
function startsShell(walk: Walk, e: ExprOf<'call'>): boolean {
  if (isShellAsked(e)) return true;
  const [command, list] = e.a;
  const name = command && stringOf(evaluate(walk.program, walk.env, command));
  const option = list?.k === 'arr' ? list.e.findIndex(isCommandOption) : undefined;
  if (isShell(name)) return option !== -1;
  const before = option !== undefined && option > 0 && list?.k === 'arr' ? list.e[option - 1] : undefined;
  return before?.k === 'str' && isShell(before.v);
}

function isShell(name: string | undefined): boolean {
  return name !== undefined && SHELLS.has(name.slice(name.lastIndexOf('/') + 1));
}

function isShellAsked(e: ExprOf<'call'>): boolean {
  const options = e.a.at(-1);
  return (
    options?.k === 'obj' &&
    options.props.some(one => one.k === 'prop' && one.n === 'shell' && !(one.v.k === 'bool' && !one.v.v))
  );
}
