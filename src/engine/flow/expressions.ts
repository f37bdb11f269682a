import { evaluate } from '../link/evaluate.ts';
import { stringOf } from '../link/values.ts';
import { type Expr, type ExprOf, GLOBAL, MODULE } from '../model/facts.ts';
import { callFlow } from './calls.ts';
import { createClosure } from './closures.ts';
import { AS_NUMBER, AS_OWN_NAME, AS_TEXT, maskOf } from './kinds.ts';
import { isApi, membersOf, met } from './left.ts';
import { linkSinks } from './link-sinks.ts';
import { isListType, meantAsList } from './list-sinks.ts';
import { memberSinks } from './member-sinks.ts';
import { COMMAND_TAGS } from './models/command-sinks.ts';
import { NOT_MODEL_TEXT, PAGE } from './models/sources.ts';
import { narrowed } from './narrow.ts';
import { priced, pricedItem } from './option-sinks.ts';
import { isPlain, picked } from './picked.ts';
import { reach } from './reach.ts';
import { removeSecret } from './rows.ts';
import { startSource } from './start-sources.ts';
import { fork, merge, prove, proved } from './state.ts';
import {
  ANY,
  asText,
  CLEAN,
  capped,
  everything,
  HOLE,
  isClean,
  join,
  joinBefore,
  joinOrigins,
  type Origin,
  originOf,
  read,
  type Taint,
  taintOf,
} from './taint.ts';
import { bind } from './targets.ts';
import { evidence, readAt, spanOf, varKey, type Walk } from './walk.ts';

/** Where an expression's value comes from, after its effects on the state. */
export function flowOf(walk: Walk, e: Expr): Taint {
  switch (e.k) {
    case 'id':
      return proved(walk.state, located(walk, e, variable(walk, e)));
    case 'this':
      return walk.state.vars.get('this') ?? taintOf(originOf({ k: 'this' }));
    case 'mem':
      return property(walk, e, flowOf(walk, e.o), e.n);
    case 'idx':
      return index(walk, e);
    case 'call':
      return callFlow(walk, e);
    case 'tpl':
      return template(walk, e);
    case 'bin':
      return binary(walk, e);
    case 'log':
      return logical(walk, e);
    case 'cond':
      return conditional(walk, e);
    case 'assign':
      return assign(walk, e);
    case 'obj':
      return object(walk, e);
    case 'arr':
      return array(walk, e);
    case 'fn':
      createClosure(walk, e.f);
      return CLEAN;
    case 'as':
      return isListType(e.t) ? meantAsList(flowOf(walk, e.e)) : flowOf(walk, e.e);
    case 'await':
      return flowOf(walk, e.e);
    case 'spread':
      return read(flowOf(walk, e.e), ANY);
    case 'seq':
      return e.e.map(one => flowOf(walk, one)).at(-1) ?? CLEAN;
    case 'yield':
      return e.e ? flowOf(walk, e.e) : CLEAN;
    case 'un': {
      const value = flowOf(walk, e.e);
      if (e.op === 'delete' && e.e.k === 'mem') removeSecret(walk, e.e);
      return e.op === '+' ? numberOf(value) : CLEAN;
    }
    case 'jsx':
      for (const one of e.e) flowOf(walk, one);
      return CLEAN;
    case 'import':
      flowOf(walk, e.e);
      return CLEAN;
    default:
      return CLEAN;
  }
}

/** Remembers where a value that came from the caller is read: what is read from it may turn out to be a source. */
function located(walk: Walk, e: ExprOf<'id'>, taint: Taint): Taint {
  if (!taint.own.some(({ root, text, at }) => root.k !== 'source' && !text && !at)) return taint;
  const at = { span: spanOf(walk, e), text: e.n };
  return {
    own: taint.own.map(one => (one.root.k === 'source' || one.text || one.at ? one : { ...one, at })),
    fields: taint.fields,
  };
}

export function variable(walk: Walk, e: ExprOf<'id'>): Taint {
  const known = walk.state.vars.get(varKey(e.s, e.n));
  if (known) return known;
  // What a module keeps is the program's own; only variables of functions around this one are told apart.
  if (e.s === GLOBAL) return e.n === 'arguments' ? allArguments(walk) : given(e.n);
  if (e.s === walk.fn.id || e.s === MODULE) return CLEAN;
  return taintOf(originOf({ k: 'captured', scope: e.s, name: e.n }));
}

const ARGUMENTS = 6;

/** What the function was called with, by position. */
function allArguments({ fn }: Walk): Taint {
  if (fn.kind === 'arrow' || fn.id === 0) return CLEAN;
  const known = Math.max(fn.params.length, ARGUMENTS);
  const fields = new Map<string, Taint>();
  for (let index = 0; index < known; index++) fields.set(String(index), taintOf(originOf({ k: 'param', index })));
  return { own: [], fields };
}

/** What nothing declares: objects of a page, or the request in an excerpt of a handler. */
function given(name: string): Taint {
  const path = name === 'req' ? 'express.Request' : PAGE.has(name) ? name : undefined;
  return path ? taintOf(originOf({ k: 'api', path, checked: undefined })) : CLEAN;
}

/** A property read, where a request's parts become sources. */
export function property(walk: Walk, e: ExprOf<'mem' | 'idx'>, base: Taint, name: string): Taint {
  if (isClean(base)) return startSource(walk, e, name);
  const own: Origin[] = [];
  const sources: Origin[] = [];
  // What the function wrote there itself is told apart; where the old may have stayed, it stands among that.
  const isWritten = name !== ANY && base.fields?.has(name);
  for (const origin of base.own) {
    if (!isApi(origin)) own.push(origin);
    else if (!isWritten) sources.push(...membersOf(walk, origin, name, e));
  }
  const fromOwn = readAt(walk, e, met(walk, read({ own, fields: base.fields }, name), e));
  const told = fromOwn.own.filter(
    ({ root, path }) => root.k !== 'source' || root.label !== 'model' || !NOT_MODEL_TEXT.has(path.at(-1) ?? ''),
  );
  return proved(walk.state, join({ own: told, fields: fromOwn.fields }, { own: sources, fields: undefined }));
}

function index(walk: Walk, e: ExprOf<'idx'>): Taint {
  const base = flowOf(walk, e.o);
  const key = flowOf(walk, e.i);
  const held = isClean(base) ? CLEAN : property(walk, e, base, keyOf(walk, e.i) ?? ANY);
  return key.own.length > 0 && isPlain(walk, e.o) ? join(held, picked(walk, e.i, key)) : held;
}

export function keyOf(walk: Walk, e: Expr): string | undefined {
  if (e.k === 'str') return e.v;
  if (e.k === 'num') return String(e.v);
  return e.k === 'id' ? stringOf(evaluate(walk.program, walk.env, e)) : undefined;
}

function template(walk: Walk, e: ExprOf<'tpl'>): Taint {
  if (!e.tag) return concat(walk, e.parts);
  const tag = evaluate(walk.program, walk.env, e.tag);
  if (tag.k === 'api' && tag.path === 'String.raw') return concat(walk, e.parts);
  if (tag.k === 'api' && COMMAND_TAGS.has(tag.path)) tagSinks(walk, e, tag.path);
  // A tag gets text and values apart; those that are known keep them apart.
  for (const part of e.parts) if (typeof part !== 'string') flowOf(walk, part);
  return CLEAN;
}

/** Values in a command are quoted; the command itself is not. */
function tagSinks(walk: Walk, { parts, tag, p }: ExprOf<'tpl'>, path: string): void {
  const [first, second] = parts;
  const at = first === '' ? second : first;
  if (tag && at !== undefined && typeof at !== 'string')
    reach(walk, { f: tag, p }, 'command', path, at, flowOf(walk, at));
}

function binary(walk: Walk, e: ExprOf<'bin'>): Taint {
  if (e.op !== '+') {
    const [l, r] = [flowOf(walk, e.l), flowOf(walk, e.r)];
    if (e.op === '*' && isClean(l) !== isClean(r)) return numberOf(priced(walk, isClean(l) ? e.l : e.r, join(l, r)));
    return /^[-*/]$/.test(e.op) ? numberOf(join(l, r)) : CLEAN;
  }
  const parts: Expr[] = [];
  for (let at: Expr = e; ; at = at.l) {
    if (at.k !== 'bin' || at.op !== '+') {
      parts.unshift(at);
      break;
    }
    parts.unshift(at.r);
  }
  return concat(walk, parts);
}

export function numberOf({ own }: Taint): Taint {
  return own.length === 0 ? CLEAN : { own: asText(own, '', AS_NUMBER), fields: undefined };
}

/** Parts put behind one another as one text. */
export function concat(walk: Walk, parts: readonly (string | Expr)[], separator = ''): Taint {
  let before = '';
  let own: readonly Origin[] = [];
  for (const [position, part] of parts.entries()) {
    if (position > 0) before = joinBefore(before, separator);
    if (typeof part === 'string') {
      before = joinBefore(before, part);
      continue;
    }
    if (part.k === 'str') {
      before = joinBefore(before, part.v);
      continue;
    }
    const taint = flowOf(walk, part);
    if (taint.own.length > 0 && before.endsWith('://')) linkSinks(walk, part, taint, parts.slice(position + 1));
    own = joinOrigins(own, asText(textOrigins(taint).map(asDigits), before, AS_TEXT));
    before = joinBefore(before, isClean(taint) ? (knownText(walk, part) ?? HOLE) : HOLE);
  }
  return { own, fields: undefined };
}

/** In a text, a number is digits. */
function asDigits(origin: Origin): Origin {
  const number = maskOf('number');
  return origin.mask & number ? { ...origin, mask: origin.mask & ~number } : origin;
}

/** What a value gives when it is made a text: an array gives its elements. */
export function textOrigins(taint: Taint): readonly Origin[] {
  const { own, fields } = taint;
  if (!fields) return own;
  const query = own.some(({ parsed }) => parsed) ? fields.get('searchParams') : undefined;
  if (!query) return joinOrigins(own, read(taint, ANY).own);
  // What is set in the query of an address stands behind its host and path.
  const rest: Taint = { own, fields: new Map([...fields].filter(([name]) => name !== 'searchParams')) };
  const behind = everything(query).filter(({ id }) => !own.some(one => one.id === id));
  return joinOrigins(textOrigins(rest), asText(behind, `${HOLE}/?`, 0));
}

function knownText(walk: Walk, e: Expr): string | undefined {
  if (e.k === 'num') return String(e.v);
  if (e.k !== 'id' && e.k !== 'mem' && e.k !== 'tpl' && e.k !== 'bin') return undefined;
  const value = evaluate(walk.program, walk.env, e);
  if (value.k === 'const') return String(value.v);
  return value.k === 'template'
    ? value.parts.map(part => (typeof part === 'string' ? part : HOLE)).join('')
    : undefined;
}

function logical(walk: Walk, e: ExprOf<'log'>): Taint {
  const l = flowOf(walk, e.l);
  const r = narrowed(walk, e.l, e.op === '&&', () => flowOf(walk, e.r), e.op === '??');
  return e.op === '&&' ? r : join(l, r);
}

function conditional(walk: Walk, e: ExprOf<'cond'>): Taint {
  flowOf(walk, e.t);
  const start = walk.state;
  walk.state = fork(start);
  const a = narrowed(walk, e.t, true, () => flowOf(walk, e.a));
  const afterA = walk.state;
  walk.state = fork(start);
  const b = narrowed(walk, e.t, false, () => flowOf(walk, e.b));
  walk.state = merge(afterA, walk.state);
  return join(a, b);
}

function assign(walk: Walk, e: ExprOf<'assign'>): Taint {
  const value = assignedValue(walk, e);
  if (e.op !== '=' && e.op !== '+=' && e.op !== '??=' && e.op !== '||=' && e.op !== '&&=') return CLEAN;
  if (e.l.k === 'mem' || e.l.k === 'idx') memberSinks(walk, e, e.l, value);
  if (e.l.k === 'mem' && isClean(value)) removeSecret(walk, e.l);
  if (e.op === '=' && e.l.k === 'idx' && e.r.k === 'obj') ownName(walk, e.l);
  // What `&&=` leaves as it was is empty.
  bind(walk, e.l, value, e.op === '??=' || e.op === '||=');
  return value;
}

/** Behind `object[name] = {}`, even `__proto__` leads to that new object. */
function ownName(walk: Walk, { i, p }: ExprOf<'idx'>): void {
  const by = evidence(walk, p, 'given an object of its own here');
  for (const origin of flowOf(walk, i).own) prove(walk.state, origin, AS_OWN_NAME, by);
}

function assignedValue(walk: Walk, e: ExprOf<'assign'>): Taint {
  if (e.op === '+=') return appended(walk, e);
  const isLeftOver = e.op === '??=' || e.op === '||=';
  if (isLeftOver && (e.l.k === 'id' || e.l.k === 'mem')) return narrowed(walk, e.l, false, () => flowOf(walk, e.r));
  return flowOf(walk, e.r);
}

function appended(walk: Walk, e: ExprOf<'assign'>): Taint {
  return e.l.k === 'id' || e.l.k === 'mem' || e.l.k === 'idx' ? concat(walk, [e.l, e.r]) : flowOf(walk, e.r);
}

function object(walk: Walk, e: ExprOf<'obj'>): Taint {
  let out: Taint = CLEAN;
  const fields = new Map<string, Taint>();
  for (const prop of e.props) {
    const value = flowOf(walk, prop.v);
    if (prop.k === 'spread') {
      out = join(out, { own: value.own.filter(origin => !origin.text), fields: undefined });
      for (const [name, taint] of value.fields ?? []) fields.set(name, taint);
    } else if (prop.k === 'prop') {
      fields.set(prop.n, value);
      if (prop.n === '__html') reach(walk, { f: prop.v, p: prop.p }, 'html', 'dangerouslySetInnerHTML', prop.v, value);
      if (prop.n === 'price_data') pricedItem(walk, prop, value);
    } else {
      flowOf(walk, prop.n);
      if (!isClean(value)) fields.set(ANY, join(fields.get(ANY) ?? CLEAN, value));
    }
  }
  // A clean property matters only where something tainted was spread before it.
  for (const [name, taint] of fields) if (isClean(taint) && out.own.length === 0) fields.delete(name);
  return fields.size ? capped({ own: out.own, fields }) : out;
}

function array(walk: Walk, e: ExprOf<'arr'>): Taint {
  const fields = new Map<string, Taint>();
  e.e.forEach((one, position) => {
    const taint = flowOf(walk, one);
    if (isClean(taint)) return;
    const name = one.k === 'spread' || position > 15 ? ANY : String(position);
    fields.set(name, join(fields.get(name) ?? CLEAN, taint));
  });
  return fields.size ? capped({ own: [], fields }) : CLEAN;
}
