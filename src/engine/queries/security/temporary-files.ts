import { callsIn } from '../../link/call-index.ts';
import { conditionsAt } from '../../link/conditions.ts';
import { eachExpr } from '../../link/env.ts';
import { evaluate } from '../../link/evaluate.ts';
import { definition } from '../../link/literals.ts';
import type { Model } from '../../link/model.ts';
import type { Operation } from '../../link/operations.ts';
import { alternatives, type Env, stringOf } from '../../link/values.ts';
import type { Expr, ExprOf } from '../../model/facts.ts';
import type { Span } from '../../model/span.ts';

/** A file in a folder that everyone on the machine may write to, under a name that can be known before. */
export interface SharedTemporary {
  readonly operation: Operation;
  readonly span: Span;
  /** Part of its name is random, though what comes next can be worked out. */
  readonly guessable: boolean;
}

/** A file that is looked at and then changed: in between it may become another. */
export interface FileRace {
  readonly operation: Operation;
  readonly check: Operation;
}

const FOLDER = /^(?:\/tmp|\/var\/tmp|\/dev\/shm)(?:\/|$)/;
const CREATES = /\.(?:writeFile|appendFile|createWriteStream|outputFile|outputJson|writeJson|open)(?:Sync)?$/;
const CHECKS = /\.(?:exists|stat|lstat|access)(?:Sync)?$/;
const CHANGES =
  /\.(?:writeFile|appendFile|createWriteStream|open|unlink|rm|rmdir|rename|truncate|chmod|copyFile)(?:Sync)?$/;
const DEPTH = 6;

export function sharedTemporaries(model: Model): SharedTemporary[] {
  return model.operations('file-write', 'file-read').flatMap(operation => {
    const path = operation.args['path'];
    if (!path || !CREATES.test(operation.callee) || isPrivate(operation)) return [];
    // A function of a serverless platform has the folder to itself.
    if (model.reached.get(operation.fn)?.serverless) return [];
    if (/open(?:Sync)?$/.test(operation.callee) && !opensToWrite(operation)) return [];
    const guessable = isRandom(model, path.env, path.expr, 0, /^Math\.random$/);
    return isShared(model, path.env, path.expr, 0) ? [{ operation, span: path.span, guessable }] : [];
  });
}

const UNFORESEEN = /mkdtemp|random(?:UUID|Bytes)|uuid|nanoid|v4|cuid|ulid/i;

/** Whether a path begins in the shared folder and nothing in it is random. */
function isShared(model: Model, env: Env, e: Expr, depth: number): boolean {
  if (depth > DEPTH) return false;
  const { expr, env: there } = definition(model.program, { env, expr: e });
  const [start, ...rest] = piecesOf(expr);
  if (start === undefined) return false;
  const begins = typeof start === 'string' ? FOLDER.test(start) : isFolder(model, there, start, depth + 1);
  return begins && !rest.some(part => typeof part !== 'string' && isRandom(model, there, part, 0));
}

/** What a path is put together of, in order. */
function piecesOf(e: Expr): readonly (string | Expr)[] {
  switch (e.k) {
    case 'str':
      return [e.v];
    case 'tpl':
      return e.parts.filter(part => part !== '');
    case 'bin':
      return e.op === '+' ? [...piecesOf(e.l), ...piecesOf(e.r)] : [e];
    case 'call':
      return (e.f.k === 'mem' || e.f.k === 'id') && /^(?:join|resolve)$/.test(e.f.n) && e.a.length > 0
        ? e.a.flatMap(one => piecesOf(one))
        : [e];
    default:
      return [e];
  }
}

function isFolder(model: Model, env: Env, e: Expr, depth: number): boolean {
  if (e.k === 'cond') return isFolder(model, env, e.a, depth + 1) || isFolder(model, env, e.b, depth + 1);
  const value = evaluate(model.program, env, e);
  if (alternatives(value).some(one => one.k === 'api' && /^node:os\.tmp[dD]ir\(\)$/.test(one.path))) return true;
  const text = stringOf(value);
  if (text !== undefined) return FOLDER.test(text);
  return e.k === 'id' && depth < DEPTH && isShared(model, env, e, depth + 1);
}

/** Made of good randomness, of a folder of its own, or of something that nobody knows here. */
function isRandom(model: Model, env: Env, e: Expr, depth: number, made = UNFORESEEN): boolean {
  let found = false;
  eachExpr(e, one => {
    if (one.k === 'call') found ||= made.test(nameOf(one));
    else if (one.k === 'id' && depth < 3) {
      const next = definition(model.program, { env, expr: one });
      if (next.expr !== one) found ||= isRandom(model, next.env, next.expr, depth + 1, made);
    }
  });
  return found;
}

function nameOf({ f }: ExprOf<'call'>): string {
  return f.k === 'mem' ? `${f.o.k === 'id' ? f.o.n : ''}.${f.n}` : f.k === 'id' ? f.n : '';
}

/** Created for its owner alone, or only if it is not there yet. */
function isPrivate({ site, callee }: Operation): boolean {
  const given = site.call.a.slice(callee.endsWith('open') || callee.endsWith('openSync') ? 2 : 1);
  return given.some(arg => {
    if (arg.k === 'num') return (arg.v & 0o077) === 0;
    if (arg.k !== 'obj') return false;
    const mode = arg.props.find(one => one.k === 'prop' && one.n === 'mode');
    const flag = arg.props.find(one => one.k === 'prop' && (one.n === 'flag' || one.n === 'flags'));
    if (flag?.k === 'prop' && flag.v.k === 'str' && flag.v.v.includes('x')) return true;
    if (mode?.k !== 'prop') return false;
    return mode.v.k !== 'num' || (mode.v.v & 0o077) === 0;
  });
}

function opensToWrite({ site }: Operation): boolean {
  const flags = site.call.a[1];
  return flags?.k === 'str' && /[wa]/.test(flags.v) && !flags.v.includes('x');
}

/** Changes under a condition that asked about the same path before, in the same function. */
export function fileRaces(model: Model): FileRace[] {
  const operations = model.operations('file-write', 'file-read');
  const checks = operations.filter(({ callee }) => CHECKS.test(callee));
  if (checks.length === 0) return [];
  return operations.flatMap(operation => {
    const path = operation.args['path'];
    if (!path || !CHANGES.test(operation.callee) || isExclusive(operation)) return [];
    const check = checks.find(
      one =>
        one.file === operation.file &&
        one.callSpan.end <= operation.callSpan.start &&
        samePath(one.args['path']?.expr, path.expr) &&
        decides(one, operation),
    );
    return check && isWritable(model, path.env, path.expr) ? [{ operation, check }] : [];
  });
}

/** Only where others can write does it matter who is first. */
function isWritable(model: Model, env: Env, path: Expr): boolean {
  return isShared(model, env, path, 0);
}

/** The check's answer decides whether the change runs: in the condition around it, or in a name of that. */
function decides({ site: { call }, fn }: Operation, change: Operation): boolean {
  if (fn !== change.fn) return false;
  const names = new Set<string>();
  for (const { call: other, use } of callsIn(fn)) if (other === call && use === 'assigned') names.add('');
  return conditionsAt(fn, change.callSpan.start).some(test => {
    let found = false;
    eachExpr(test, e => {
      found ||= e === call || (names.size > 0 && e.k === 'id' && /exist|stat|present|found/i.test(e.n));
    });
    return found;
  });
}

function samePath(a: Expr | undefined, b: Expr): boolean {
  if (!a || a.k !== b.k) return false;
  if (a.k === 'id' && b.k === 'id') return a.n === b.n && a.s === b.s;
  if (a.k === 'str' && b.k === 'str') return a.v === b.v;
  return a.k === 'mem' && b.k === 'mem' && a.n === b.n && samePath(a.o, b.o);
}

/** `wx` fails where somebody was faster. */
function isExclusive({ site }: Operation): boolean {
  return site.call.a.some(
    arg =>
      (arg.k === 'str' && /^[wa]x/.test(arg.v)) ||
      (arg.k === 'obj' &&
        arg.props.some(
          one => one.k === 'prop' && /^flags?$/.test(one.n) && one.v.k === 'str' && one.v.v.includes('x'),
        )),
  );
}
