import { callsIn, callsWhere } from '../../link/call-index.ts';
import { eachExprIn } from '../../link/env.ts';
import { evaluate } from '../../link/evaluate.ts';
import { perUnit } from '../../link/kept/per-unit.ts';
import type { Model } from '../../link/model.ts';
import { type Env, spanIn, stringOf, type Value } from '../../link/values.ts';
import type { Expr, ExprOf, FunctionFact } from '../../model/facts.ts';
import type { Span } from '../../model/span.ts';
import { regexOf } from './regex-shape.ts';

/** A replacement that is meant to make a text harmless and leaves a way around it. */
export interface PartialReplace {
  /** `once`: the first one only; `backslash`: what escapes is not escaped itself; `again`: what is left can spell it anew. */
  readonly problem: 'once' | 'backslash' | 'again';
  /** What is replaced, as it is to be read. */
  readonly what: string;
  readonly span: Span;
  readonly call: ExprOf<'call'>;
  readonly env: Env;
}

interface Pattern {
  /** Texts it matches, if it is that simple. */
  readonly texts: readonly string[];
  readonly source: string;
  readonly all: boolean;
}

/** Characters that mean something to a shell, to HTML, to SQL, to a regular expression or to a path. */
const META = new Set(['"', "'", '`', '<', '>', '&', '|', ';', '\n', '\r', '\\', '*', '$', '[', ']', '{', '}']);
const MARKUP = new Set(['"', "'", '`', '<', '>', '\n', '\r']);
const CLIMBS = /^(?:\.\.[/\\]|[/\\]\.\.(?:[/\\])?)$/;
const QUOTES = new Set(['"', "'", '`']);

export const partialReplaces: (model: Model) => PartialReplace[] = perUnit((model, unit) => {
  const out: PartialReplace[] = [];
  for (const { fn, used } of replacesIn(unit.facts)) {
    const { call, chain, loop } = used;
    if (call.f.k !== 'mem' || isMatched(unit.facts.functions, fn, call.f.o)) continue;
    const env = model.program.staticEnv(unit, fn);
    const others = [...below(call.f.o), ...chain.map(one => one.call)].filter(isReplace);
    const found = judge(model, env, call, others, loop !== undefined);
    if (found) out.push({ ...found, span: spanIn(env, call.f.np), call, env });
  }
  return out;
});

const replacesIn = callsWhere(({ call: { f, a } }) => f.k === 'mem' && f.n === 'replace' && a.length === 2);

/** The text of one match, in what `replace` calls for each: its form is known. */
function isMatched(functions: readonly FunctionFact[], fn: FunctionFact, text: Expr): boolean {
  const [first] = fn.params;
  if (text.k !== 'id' || text.s !== fn.id || first?.pat.k !== 'pid' || first.pat.n !== text.n) return false;
  const outer = functions[fn.parent];
  return (
    outer !== undefined &&
    callsIn(outer).some(
      ({ call: { f, a } }) => f.k === 'mem' && /^replace(?:All)?$/.test(f.n) && a[1]?.k === 'fn' && a[1].f === fn.id,
    )
  );
}

function judge(
  model: Model,
  env: Env,
  call: ExprOf<'call'>,
  others: readonly ExprOf<'call'>[],
  loops: boolean,
): Pick<PartialReplace, 'problem' | 'what'> | undefined {
  const [first, second] = call.a;
  const pattern = patternOf(evaluate(model.program, env, first!));
  const by = stringOf(evaluate(model.program, env, second!));
  if (!pattern || by === undefined) return undefined;
  const { texts, all } = pattern;
  if (!all && texts.length > 0 && texts.every(one => isDangerous(one) && disarms(one, by))) {
    // A pair taken off both ends is no cleaning, and neither is one after another of the same.
    const same = others.some(one => {
      const other = patternOf(evaluate(model.program, env, one.a[0]!));
      return other?.texts.some(text => texts.includes(text)) === true;
    });
    return same || loops ? undefined : { problem: 'once', what: shown(texts) };
  }
  if (!all) return undefined;
  const escapes = by.startsWith('\\') && texts.length > 0 && texts.every(one => QUOTES.has(one));
  if (escapes && !texts.includes('\\')) {
    const handled = others.some(one => mentionsBackslash(model, env, one)) || isSerialised(call.f);
    return handled ? undefined : { problem: 'backslash', what: shown(texts) };
  }
  if (by === '' && !loops) {
    const what = reassembles(pattern.source);
    // Text is what is wanted where every tag goes in the end.
    if (what?.startsWith('`<') && stripsTags(env)) return undefined;
    // A component puts text into a page as text.
    if (what === '`<!--`' && /\.[jt]sx$/.test(env.unit.path)) return undefined;
    if (what) return { problem: 'again', what };
  }
  return undefined;
}

/** A string, or a regular expression that stands for a few texts. */
function patternOf(value: Value): Pattern | undefined {
  const text = stringOf(value);
  if (text !== undefined) return { texts: [text], source: '', all: false };
  const regex = regexOf(value);
  return regex && { texts: textsOf(regex.source), source: regex.source, all: regex.flags.includes('g') };
}

/** `'`, `['"]`, `(')`, `'|"` and the like. */
function textsOf(source: string): string[] {
  const inner = source.replace(/^\((?:\?:)?(.*)\)$/, '$1');
  const set = /^\[((?:\\.|[^\]\\^-])+)\]$/.exec(inner)?.[1];
  if (set !== undefined) return [...set.matchAll(/\\?([\s\S])/g)].map(one => unescaped(one[0]));
  if (/[.*+?^$(){}[\]](?<!\\.)/.test(inner.replace(/\\./g, ''))) return [];
  return inner.split('|').map(one => one.replace(/\\./g, unescaped));
}

function unescaped(text: string): string {
  if (text === '\\n') return '\n';
  if (text === '\\r') return '\r';
  return text.length === 2 && text.startsWith('\\') ? (/\w/.test(text[1]!) ? text : text[1]!) : text;
}

function isDangerous(text: string): boolean {
  return META.has(text) || CLIMBS.test(text);
}

/** Taken out, escaped, encoded or doubled: not put into another form for people. */
function disarms(text: string, by: string): boolean {
  // What marks a name, such as `$` or `*`, is taken off without any danger in mind.
  if (by === '' && !MARKUP.has(text) && !CLIMBS.test(text)) return false;
  if (text === '\n' || text === '\r') return by === '' || by === '\\n' || by === '\\r';
  return (
    by === '' ||
    by === `\\${text}` ||
    /^\\\$(?:&|\d)$/.test(by) ||
    /^&#?\w+;$/.test(by) ||
    /^%[0-9a-f]{2}$/i.test(by) ||
    by === text + text
  );
}

function below(e: Expr): ExprOf<'call'>[] {
  if (e.k === 'as') return below(e.e);
  if (e.k !== 'call' || e.f.k !== 'mem') return [];
  return [e, ...below(e.f.o)];
}

function isReplace({ f, a }: ExprOf<'call'>): boolean {
  return f.k === 'mem' && /^replace(?:All)?$/.test(f.n) && a.length > 0;
}

function mentionsBackslash({ program }: Model, env: Env, call: ExprOf<'call'>): boolean {
  const value = evaluate(program, env, call.a[0]!);
  return stringOf(value)?.includes('\\') === true || (value.k === 'regex' && value.source.includes('\\\\'));
}

/** JSON escaped the backslashes already. */
function isSerialised(f: Expr): boolean {
  return f.k === 'mem' && f.o.k === 'call' && f.o.f.k === 'mem' && /^(?:stringify|quote|inspect)$/.test(f.o.f.n);
}

function stripsTags({ fn }: Env): boolean {
  let found = false;
  eachExprIn(fn, e => {
    if (e.k === 'regex' && /^<(?:\\\/\?)?\[\^[^\]]*>\]/.test(e.v)) found = true;
  });
  return found;
}

/** What can come together again when a match between its halves is taken out. */
function reassembles(source: string): string | undefined {
  if (/^(?:\(?\\?\/\)?\??)?\\\.\\\.(?:\\?\/|\\\\|\[\\?\/\\\\\])$/.test(source) || /^\\?\/\\\.\\\.$/.test(source))
    return '`../`';
  if (/^<script\b|^\\?<script/i.test(source)) return '`<script>`';
  if (/^ ?<!--/.test(source)) return '`<!--`';
  return /^(?:\\s|\.| |\(\\\/\|\\s\))?on\\w\+/.test(source) ? '`on…=`' : undefined;
}

function shown(texts: readonly string[]): string {
  const names: Readonly<Record<string, string>> = { '\n': 'line break', '\r': 'line break', '`': 'back quote' };
  return texts.map(one => names[one] ?? `\`${one}\``).join(' and ');
}
