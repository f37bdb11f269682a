import { eachExprIn } from '../link/env.ts';
import { evaluate } from '../link/evaluate.ts';
import { alternatives, type FuncValue, stringOf, UNKNOWN, type Value } from '../link/values.ts';
import type { Expr, ExprOf } from '../model/facts.ts';
import { applyCall } from './apply.ts';
import { concat, flowOf, textOrigins } from './expressions.ts';
import { AS_PATH, AS_SHORT, AS_TEXT, type Mask, maskOf } from './kinds.ts';
import { isApi } from './left.ts';
import { provedByNoMatch, provedByReplacing } from './models/sanitizers.ts';
import { ADDERS, ELEMENT_METHODS, LIST_METHODS, TEXT_LISTS, TEXT_METHODS, VISITORS } from './models/texts.ts';
import { reach } from './reach.ts';
import { pipeSinks } from './sinks.ts';
import { ANY, asText, CLEAN, clean, HOLE, isClean, join, joinAll, type Origin, read, type Taint } from './taint.ts';
import { setMember } from './targets.ts';
import { evidence, type Walk } from './walk.ts';

/** Methods of strings, arrays, maps and promises, by name. */
export function memberFlow(
  walk: Walk,
  e: ExprOf<'call'>,
  f: ExprOf<'mem'>,
  receiver: Taint,
  args: readonly Taint[],
): Taint {
  const name = f.n;
  if (name === 'then' || name === 'catch' || name === 'finally') return promiseFlow(walk, e, name, receiver);
  if (name === 'call' || name === 'apply' || name === 'bind') return functionFlow(walk, f, name, args);
  if (ADDERS.has(name) && !receiver.own.some(isApi)) added(walk, f, name, args);
  if (name === 'repeat' && e.a[0] && args[0]) reach(walk, e, 'size', name, e.a[0], args[0]);
  if (name === 'insertAdjacentHTML' && e.a[1]) reach(walk, e, 'html', name, e.a[1], args[1] ?? CLEAN);
  if (f.o.k === 'call') filledArray(walk, f.o);
  if (name === 'pipe') return piped(walk, e, receiver);
  const visitor = VISITORS[name];
  if (visitor !== undefined && e.a.length > 0) {
    const result = visited(walk, e, name, visitor, receiver, args);
    if (result) return result;
  }
  if (name === 'join' && f.o.k === 'arr') return concat(walk, f.o.e, e.a[0]?.k === 'str' ? e.a[0].v : '\0');
  if (name === 'replace' || name === 'replaceAll') return replaced(walk, e, receiver, args[1] ?? CLEAN);
  if (name === 'concat' && f.o.k === 'str') return concat(walk, [f.o, ...e.a]);
  if (isClean(receiver)) return name === 'concat' ? joinAll(args) : CLEAN;
  if (name === 'join' && f.o.k === 'call' && f.o.f.k === 'mem' && f.o.f.n === 'split')
    return replaced(
      walk,
      { ...e, f: { ...f, n: 'replaceAll' }, a: [...f.o.a.slice(0, 1), ...e.a] },
      receiver,
      args[0] ?? CLEAN,
    );
  if (name === 'join') {
    const own = asText(textOrigins(receiver), knownStart(walk, f.o, e.a[0]?.k === 'str' ? e.a[0].v : HOLE), AS_TEXT);
    return { own, fields: undefined };
  }
  if (TEXT_LISTS.has(name)) return textList(walk, e, name, receiver);
  if (ELEMENT_METHODS.has(name) && !receiver.own.some(origin => origin.text)) return element(e, receiver);
  if ((name === 'entries' || name === 'keys') && e.a.length === 0 && isList(receiver))
    return name === 'keys' ? CLEAN : numbered(receiver);
  if (LIST_METHODS.has(name) && !receiver.own.some(origin => origin.text))
    return name === 'concat' ? joinAll([receiver, ...args]) : receiver;
  if (name === 'toString' && e.a[0]?.k === 'str' && /^(?:base64(?:url)?|hex)$/.test(e.a[0].v))
    return encoded(walk, e, receiver);
  if (TEXT_METHODS.has(name) && e.a.length === 2 && isCut(name)) return shortened(walk, e, receiver);
  if (TEXT_METHODS.has(name))
    return name === 'concat' ? joinAll([texts(receiver), ...args.map(texts)]) : texts(receiver);
  // The parts of a parsed URL, of headers and forms, asked for by name.
  return name === 'get' || name === 'getAll' ? texts(receiver) : CLEAN;
}

/** What came in as data has no other `entries` than those of lists; forms, headers and addresses name theirs. */
function isList({ own }: Taint): boolean {
  return !own.some(
    ({ root, parsed, text }) =>
      text || parsed || root.k === 'api' || (root.k === 'source' && root.part !== 'body' && root.part !== 'arguments'),
  );
}

/** `list.entries()`: places, and what stands there. */
function numbered(list: Taint): Taint {
  return { own: [], fields: new Map([[ANY, { own: [], fields: new Map([['1', read(list, ANY)]]) }]]) };
}

/** `Array(n).fill()`: an array of a size is empty until something goes through it. */
function filledArray(walk: Walk, made: ExprOf<'call'>): void {
  const [count] = made.a;
  if (made.f.k !== 'id' || made.f.n !== 'Array' || made.a.length !== 1 || !count) return;
  const own = flowOf(walk, count).own.filter(({ mask }) => mask & maskOf('number'));
  reach(walk, made, 'size', 'Array', count, { own, fields: undefined });
}

/** A stream gives on what is piped into it. */
function piped(walk: Walk, e: ExprOf<'call'>, receiver: Taint): Taint {
  pipeSinks(walk, e, receiver);
  return texts(receiver);
}

function texts(taint: Taint): Taint {
  return { own: asText(textOrigins(taint), '', AS_TEXT), fields: undefined };
}

/** The texts that a list begins with, put together: `['git', 'log'].concat(args)`. */
function knownStart(walk: Walk, list: Expr, separator: string): string {
  const value = evaluate(walk.program, walk.env, list);
  const items = value.k === 'array' ? value.items : [];
  const texts: string[] = [];
  for (const item of items) {
    const text = stringOf(item);
    if (text === undefined) break;
    texts.push(text);
  }
  return texts.map(text => text + separator).join('');
}

/** The first part of a path is one name. */
function textList(walk: Walk, e: ExprOf<'call'>, name: string, receiver: Taint): Taint {
  const part = { own: texts(receiver).own.map((origin): Origin => ({ ...origin, part: true })), fields: undefined };
  const fields = new Map<string, Taint>([[ANY, part]]);
  if (name === 'split' && e.a[0]?.k === 'str' && e.a[0].v === '.') {
    const by = evidence(walk, e.p, 'split at its dots here');
    fields.set(ANY, { own: part.own.map(origin => clean(origin, maskOf('dots'), by)), fields: undefined });
  }
  if (name === 'split' && e.a[0]?.k === 'str' && e.a[0].v === '/') {
    const by = evidence(walk, e.p, 'split here');
    fields.set('0', { own: part.own.map(origin => clean(origin, AS_PATH, by)), fields: undefined });
  }
  return { own: [], fields };
}

/** Letters, digits and a few signs that mean nothing anywhere; whoever decodes them gets back what it was. */
function encoded(walk: Walk, e: ExprOf<'call'>, receiver: Taint): Taint {
  const by = evidence(walk, e.p, 'encoded here');
  return { own: texts(receiver).own.map(origin => clean(origin, AS_ENCODED, by)), fields: undefined };
}

const AS_ENCODED = maskOf('sql', 'command', 'code', 'html', 'log', 'ldap', 'xpath', 'dots', 'matched');

function isCut(name: string): boolean {
  return name === 'slice' || name === 'substring' || name === 'substr';
}

/** A text cut to a length: too short to keep a pattern busy. */
function shortened(walk: Walk, e: ExprOf<'call'>, receiver: Taint): Taint {
  const by = evidence(walk, e.p, 'cut here');
  return { own: texts(receiver).own.map(origin => clean(origin, AS_SHORT, by)), fields: undefined };
}

function element(e: ExprOf<'call'>, receiver: Taint): Taint {
  const [key] = e.a;
  return read(receiver, key?.k === 'str' ? key.v : ANY);
}

function added(walk: Walk, f: ExprOf<'mem'>, name: string, args: readonly Taint[]): void {
  const value = joinAll(name === 'set' || name === 'append' ? args.slice(1) : args);
  if (!isClean(value)) setMember(walk, f.o, [ANY], value, true);
}

function visited(
  walk: Walk,
  e: ExprOf<'call'>,
  name: string,
  position: number,
  receiver: Taint,
  args: readonly Taint[],
): Taint | undefined {
  const callees = functionsOf(walk, e, name === 'replace' ? 1 : 0);
  if (callees.length === 0) return undefined;
  const one = read(receiver, ANY);
  const given: Taint[] = position === 1 ? [args[1] ?? CLEAN, one] : [name === 'replace' ? texts(receiver) : one];
  const results = joinAll(callees.map(callee => applyCall(walk, callee, given, CLEAN, undefined)));
  switch (name) {
    case 'map':
      return isClean(results) ? CLEAN : { own: [], fields: new Map([[ANY, results]]) };
    case 'flatMap':
      return isClean(results) ? CLEAN : { own: [], fields: new Map([[ANY, join(results, read(results, ANY))]]) };
    case 'filter':
      return callees.some(callee => asksForRole(callee)) ? byRole(walk, e, receiver) : receiver;
    case 'find':
    case 'findLast':
      return one;
    case 'reduce':
    case 'reduceRight':
      return join(results, args[1] ?? CLEAN);
    case 'replace':
      return join(texts(receiver), texts(results));
    default:
      return CLEAN;
  }
}

/** Messages are kept by who speaks in them. */
function asksForRole({ fn }: FuncValue): boolean {
  let asks = fn.params[0]?.pat.k === 'pobj' && fn.params[0].pat.props.some(({ key }) => key === 'role');
  eachExprIn(fn, e => {
    if (e.k === 'mem' && e.n === 'role') asks = true;
  });
  return asks;
}

function byRole(walk: Walk, { p }: Expr, { own, fields }: Taint): Taint {
  const by = evidence(walk, p, 'filtered by role here');
  return { own: own.map(origin => clean(origin, maskOf('asked'), by)), fields };
}

function promiseFlow(walk: Walk, e: ExprOf<'call'>, name: string, receiver: Taint): Taint {
  if (name === 'finally') return receiver;
  const callees = functionsOf(walk, e, 0);
  const results = joinAll(
    callees.map(callee => applyCall(walk, callee, name === 'then' ? [receiver] : [], CLEAN, undefined)),
  );
  return name === 'catch' ? join(receiver, results) : results;
}

/** `f.call(this, a)`, `f.apply(this, list)`. */
function functionFlow(walk: Walk, f: ExprOf<'mem'>, name: string, args: readonly Taint[]): Taint {
  const [self, ...rest] = args;
  const given = name === 'apply' ? [0, 1, 2, 3].map(position => read(rest[0] ?? CLEAN, String(position))) : rest;
  const callees = alternatives(evaluate(walk.program, walk.env, f.o)).filter(one => one.k === 'func');
  // `Array.prototype.slice.call(list)`
  if (callees.length === 0 && name === 'call' && f.o.k === 'mem' && LIST_METHODS.has(f.o.n)) return self ?? CLEAN;
  const result = joinAll(callees.map(callee => applyCall(walk, callee, given, self ?? CLEAN, undefined)));
  // What is bound is called later, with what it was bound to.
  return name === 'bind' ? CLEAN : result;
}

function functionsOf(walk: Walk, e: ExprOf<'call'>, position: number): FuncValue[] {
  const arg = e.a[position];
  if (!arg || (arg.k !== 'fn' && arg.k !== 'id' && arg.k !== 'mem')) return [];
  return alternatives(evaluate(walk.program, walk.env, arg)).filter(one => one.k === 'func');
}

/** A replacement keeps the rest of a text; some replace all that would do harm. */
function replaced(walk: Walk, e: ExprOf<'call'>, receiver: Taint, by: Taint): Taint {
  const mask = replacedMask(walk, e) | (receiver.own.every(({ resolved }) => resolved) ? climbsOff(walk, e) : 0);
  const why = evidence(walk, e.p, 'replaced here');
  const own = asText(textOrigins(receiver), '', AS_TEXT).map(
    (origin): Origin => (mask ? clean(origin, mask, why) : origin),
  );
  return join({ own, fields: undefined }, texts(by));
}

/** `normalize(name).replace(/^(\.\.(\/|\\|$))+/, '')`: behind `normalize`, all `..` stand at the beginning. */
function climbsOff(walk: Walk, { a: [pattern, by] }: ExprOf<'call'>): Mask {
  const value = pattern && regexOf(walk, pattern);
  const isAll = value?.k === 'regex' && /^\^\(.*\\\.(?:\\\.|\{2\}).*\)[+*]$/.test(value.source);
  return isAll && by?.k === 'str' && by.v === '' ? maskOf('dots') : 0;
}

/** A regular expression, also one made of a text; what is not known of its flags may be right. */
function regexOf(walk: Walk, pattern: Expr): Value {
  if (pattern.k !== 'call' || pattern.f.k !== 'id' || pattern.f.n !== 'RegExp')
    return evaluate(walk.program, walk.env, pattern);
  const [source, flags] = pattern.a;
  if (source?.k !== 'str') return UNKNOWN;
  return { k: 'regex', source: source.v, flags: flags?.k === 'str' ? flags.v : flags ? 'g' : '' };
}

function replacedMask(walk: Walk, e: ExprOf<'call'>): Mask {
  const [pattern, by] = e.a;
  const all = e.f.k === 'mem' && e.f.n === 'replaceAll';
  const value = pattern && regexOf(walk, pattern);
  if (value?.k === 'regex') {
    if (!all && !value.flags.includes('g')) return 0;
    const source = value.source;
    // `replace(/[.*+?^${}()|[\]\\]/g, '\\$&')` and its kin.
    if (/^\(?\[/.test(source) && /\*/.test(source) && /\+/.test(source) && by?.k === 'str' && by.v.startsWith('\\'))
      return maskOf('regex');
    // Runs become single characters: what is left has none to be kept busy with.
    if (/^(?:\[[^\]]+\]|\\?.)(?:\\?.)?(?:\+|\{2,\})$/.test(source) && by?.k === 'str')
      return AS_SHORT | provedByNoMatch(source);
    return provedByReplacing(source);
  }
  if (!all || pattern?.k !== 'str' || by?.k !== 'str') return 0;
  if (pattern.v === '<') return maskOf('html');
  if (pattern.v === "'" && by.v === "''") return maskOf('sql');
  if (pattern.v === '\n') return maskOf('log');
  if (pattern.v === '.' || pattern.v === '..') return maskOf('dots');
  return pattern.v === '/' ? AS_PATH : 0;
}
