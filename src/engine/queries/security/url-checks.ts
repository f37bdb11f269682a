import { wordsOf } from '../../../common/words.ts';
import { evaluate } from '../../link/evaluate.ts';
import { expressionsWhere } from '../../link/kept/per-file.ts';
import { perUnit } from '../../link/kept/per-unit.ts';
import type { Model } from '../../link/model.ts';
import { requestOrigin } from '../../link/request-value.ts';
import { alternatives, type Env, spanIn, stringOf } from '../../link/values.ts';
import type { Expr, ExprOf } from '../../model/facts.ts';
import type { Span } from '../../model/span.ts';
import { regexOf } from './regex-shape.ts';

/** A test for a host that hosts of others pass as well. */
export interface UrlCheck {
  readonly problem: 'anywhere' | 'prefix' | 'suffix' | 'dot' | 'length';
  /** The host, or the expression it is compared with. */
  readonly host: string;
  /** An address that passes although it should not. */
  readonly passes: string;
  /** The address is what a caller sent, or is called what only senders state: the origin, the referrer, a target. */
  readonly sent: boolean;
  readonly span: Span;
}

const TLD =
  'com|net|org|io|dev|app|co|ai|edu|gov|info|biz|cloud|tech|xyz|me|us|uk|de|fr|eu|ch|at|nl|in|jp|cn|br|ca|au|internal|local';
/** Scheme, host, port, path. */
const ADDRESS = new RegExp(
  `^(https?:\\/\\/|\\/\\/)?((?:[a-z0-9-]+\\.)*[a-z0-9-]+\\.(?:${TLD})|\\.(?:[a-z0-9-]+\\.)*[a-z0-9-]+\\.(?:${TLD}))(:\\d+)?(\\/.*)?$`,
  'i',
);
/** What holds addresses: hosts by name alone are files, packages and properties elsewhere. */
const ADDRESSES = new Set(
  'url uri href host hostname origin referer referrer domain redirect callback endpoint website email target'.split(
    ' ',
  ),
);
const STATED = new Set('origin host hostname referer referrer redirect callback target email'.split(' '));
/** Of a pattern: `https?:\/\/` or `^`, then a host with its dots. */
const PATTERN_HOST = new RegExp(
  `^(\\^)?(?:\\(\\?:|\\()?(?:https?\\??|\\(https\\?\\)):(?:\\\\\\/|\\/){2}((?:[\\w-]+(?:\\\\?\\.))+(?:${TLD}))(?![\\w-])(.*)$`,
);

/** Tests of addresses by a part of their text. */
export const urlChecks: (model: Model) => UrlCheck[] = perUnit((model, unit) => {
  const out: UrlCheck[] = [];
  // A component shows one thing or another, it lets nobody in.
  if (/\.[jt]sx$/.test(unit.path)) return out;
  for (const { fn, e } of checksIn(unit.facts)) {
    const env = model.program.staticEnv(unit, fn);
    const call = e.k === 'bin' ? searched(e) : undefined;
    const isTest = e.k === 'call' && e.f.k === 'mem';
    const found = isTest ? tests(model, env, e, e.f) : call && searches(model, env, e as ExprOf<'bin'>, call);
    if (found) out.push({ ...found, span: spanIn(env, e.p) });
  }
  return out;
});

const checksIn = expressionsWhere(
  ['bin', 'call'],
  e =>
    (e.k === 'bin' && searched(e) !== undefined) ||
    (e.k === 'call' && e.f.k === 'mem' && e.a.length === 1 && mayTest(e.f, e.a[0]!)),
);

const PARTS = new Set(['includes', 'startsWith', 'endsWith']);
const PATTERNS = new Set(['test', 'exec', 'match']);

/** A cheap look first: most calls of these names are about lists. */
function mayTest({ n, o }: ExprOf<'mem'>, given: Expr): boolean {
  if (PARTS.has(n)) return given.k === 'str' ? ADDRESS.test(given.v) : given.k === 'id' && isAddress(o);
  return PATTERNS.has(n);
}

type Found = Omit<UrlCheck, 'span'>;

function tests(model: Model, env: Env, call: ExprOf<'call'>, { n, o }: ExprOf<'mem'>): Found | undefined {
  const [given] = call.a;
  if (n === 'includes' || n === 'startsWith' || n === 'endsWith') {
    const text = stringOf(evaluate(model.program, env, given!));
    const how = n === 'includes' ? 'anywhere' : n === 'startsWith' ? 'prefix' : 'suffix';
    return text === undefined ? undefined : judge(text, o, how, isSent(model, env, o));
  }
  if (n === 'test' || n === 'exec') return ofPattern(regexOf(evaluate(model.program, env, o))?.source, n);
  if (n !== 'match') return undefined;
  const value = evaluate(model.program, env, given!);
  return ofPattern(regexOf(value)?.source ?? (isAddress(o) ? stringOf(value) : undefined), n);
}

/** `x.indexOf(y)` compared with a number or a length. */
function searched({ op, l, r }: ExprOf<'bin'>): ExprOf<'call'> | undefined {
  if (!/^(?:[!=]==?|[<>]=?)$/.test(op)) return undefined;
  return [l, r].find(
    (one): one is ExprOf<'call'> =>
      one.k === 'call' && one.f.k === 'mem' && /^(?:lastI|i)ndexOf$/.test(one.f.n) && one.a.length === 1,
  );
}

function searches(model: Model, env: Env, e: ExprOf<'bin'>, call: ExprOf<'call'>): Found | undefined {
  const { program } = model;
  const other = e.l === call ? e.r : e.l;
  const { o } = call.f as ExprOf<'mem'>;
  const text = stringOf(evaluate(program, env, call.a[0]!));
  if (text !== undefined) {
    const value = evaluate(program, env, other);
    const number = value.k === 'const' ? value.v : undefined;
    if (number === -1 || (number === 0 && /[<>]/.test(e.op))) return judge(text, o, 'anywhere', isSent(model, env, o));
    if (number === 0) return judge(text, o, 'prefix', isSent(model, env, o));
  }
  if (!/^[!=]==?$/.test(e.op) || !isRest(other, o, text)) return undefined;
  return {
    problem: 'length',
    host: text === undefined ? `\`${nameOf(call.a[0]!)}\`` : `"${text}"`,
    passes: '',
    sent: true,
  };
}

/** `x.length - y.length`, which is -1 where `y` is one longer and not in `x` at all; a number may stand for the length. */
function isRest(e: Expr, of: Expr, text: string | undefined): boolean {
  if (e.k !== 'bin' || e.op !== '-') return false;
  if (e.l.k === 'bin') return isRest(e.l, of, text);
  if (e.l.k !== 'mem' || e.l.n !== 'length' || nameOf(e.l.o) === '' || nameOf(e.l.o) !== nameOf(of)) return false;
  if (e.r.k === 'num') return e.r.v > 1 && e.r.v === text?.length;
  return (e.r.k === 'bin' ? e.r.l : e.r).k === 'mem';
}

function judge(text: string, receiver: Expr, how: 'anywhere' | 'prefix' | 'suffix', sent: boolean): Found | undefined {
  const match = ADDRESS.exec(text);
  if (!match) return undefined;
  const [, scheme = '', host = '', port, path] = match;
  if (!scheme && !isAddress(receiver)) return undefined;
  const bare = host.replace(/^\./, '');
  if (how === 'anywhere') return { problem: how, host: text, passes: `https://evil.example/?${bare}`, sent };
  if (how === 'prefix')
    return port || path !== undefined || host.startsWith('.')
      ? undefined
      : { problem: how, host: text, passes: `${scheme || ''}${bare}.evil.example`, sent };
  return host.startsWith('.') || scheme ? undefined : { problem: how, host: text, passes: `evil${bare}`, sent };
}

/** Patterns that begin with a scheme: no start, no end of the host, or a dot that stands for anything. */
function ofPattern(source: string | undefined, method: string): Found | undefined {
  const match = source === undefined ? undefined : PATTERN_HOST.exec(source);
  // What takes a part out of an address wants that part: nothing is let in by it.
  if (!match || (method !== 'test' && TAKES_OUT.test(match[3] ?? ''))) return undefined;
  const [, start, host = '', rest = ''] = match;
  const plain = host.replaceAll('\\', '');
  if (!start) return { problem: 'anywhere', host: plain, passes: `https://evil.example/?https://${plain}`, sent: true };
  if (/(?<!\\)\.(?=[\w-]+(?:\\?\.|$))/.test(host))
    return { problem: 'dot', host: plain, passes: plain.replace('.', 'x'), sent: true };
  return rest === '' || /^\)?$/.test(rest)
    ? { problem: 'prefix', host: plain, passes: `https://${plain}.evil.example`, sent: true }
    : undefined;
}

const TAKES_OUT = /(?<!\\)\((?!\?)/;

function isSent({ program }: Model, env: Env, e: Expr): boolean {
  if (wordsOf(nameOf(e)).some(word => STATED.has(word))) return true;
  return alternatives(evaluate(program, env, e)).some(one => requestOrigin(program, one) !== undefined);
}

function isAddress(e: Expr): boolean {
  return wordsOf(nameOf(e)).some(word => ADDRESSES.has(word));
}

function nameOf(e: Expr): string {
  if (e.k === 'id' || e.k === 'mem') return e.n;
  if (e.k === 'as') return nameOf(e.e);
  if (e.k === 'idx') return e.i.k === 'str' ? e.i.v : '';
  return e.k === 'call' && e.f.k === 'mem' && /^(?:toLowerCase|trim|toString)$/.test(e.f.n) ? nameOf(e.f.o) : '';
}
