import { wordsOf } from '../../../common/words.ts';
import { callsIn } from '../../link/call-index.ts';
import { evaluate } from '../../link/evaluate.ts';
import { expressionsWhere } from '../../link/kept/per-file.ts';
import { judgedUnits } from '../../link/kept/per-unit.ts';
import type { Model } from '../../link/model.ts';
import { requestOrigin } from '../../link/request-value.ts';
import { type Env, type FileUnit, spanIn } from '../../link/values.ts';
import type { Expr, ExprOf, FunctionFact } from '../../model/facts.ts';
import type { Span } from '../../model/span.ts';

/** A comparison whose two sides the same sender writes, in different places of one request. */
export interface SelfProof {
  readonly left: string;
  readonly right: string;
  readonly span: Span;
}

const CHOSEN = new Set(['query', 'params', 'body', 'cookies', 'headers', 'url']);
/** A cookie that another site cannot read is compared on purpose with what the page sends back. */
const DOUBLE = new Set('csrf xsrf state nonce token origin host referer etag match since version'.split(' '));

/** Comparisons of a cookie with another part of the request: both are what the sender says. */
export function selfProofs(model: Model): SelfProof[] {
  const out: SelfProof[] = [];
  for (const unit of judgedUnits(model)) {
    for (const { fn, e } of comparisonsIn(unit.facts)) {
      const { l, r } = e as ExprOf<'bin'>;
      const env = model.program.staticEnv(unit, fn);
      const pair = [[l, r, env] as const, ...passedTo(model, unit, fn, l, r)].find(([a, b, at]) => {
        const [left, right] = [partOf(model, at, a), partOf(model, at, b)];
        return (
          left && right && left !== right && (left === 'cookies' || right === 'cookies') && !isDouble(a) && !isDouble(b)
        );
      });
      if (pair) out.push({ left: textOf(pair[0]), right: textOf(pair[1]), span: spanIn(env, e.p) });
    }
  }
  return out;
}

/** What a file's own calls pass, where two parameters are compared. */
function passedTo(model: Model, unit: FileUnit, fn: FunctionFact, l: Expr, r: Expr): (readonly [Expr, Expr, Env])[] {
  if (l.k !== 'id' || r.k !== 'id' || !fn.name || l.s !== fn.id || r.s !== fn.id) return [];
  const [a, b] = [l, r].map(one => fn.params.findIndex(({ pat }) => pat.k === 'pid' && pat.n === one.n));
  if (a === undefined || b === undefined || a < 0 || b < 0) return [];
  return unit.facts.functions.flatMap(outer =>
    callsIn(outer).flatMap(({ call }) => {
      const [first, second] = [call.a[a], call.a[b]];
      if (call.f.k !== 'id' || call.f.n !== fn.name || !first || !second) return [];
      return [[first, second, model.program.staticEnv(unit, outer)] as const];
    }),
  );
}

const comparisonsIn = expressionsWhere(
  ['bin'],
  e => e.k === 'bin' && /^[!=]==?$/.test(e.op) && isRead(e.l) && isRead(e.r) && !isDouble(e.l) && !isDouble(e.r),
);

function isRead(e: Expr): boolean {
  return e.k === 'mem' || e.k === 'id' || (e.k === 'idx' && e.i.k === 'str');
}

function isDouble(e: Expr): boolean {
  const name = e.k === 'mem' || e.k === 'id' ? e.n : e.k === 'idx' && e.i.k === 'str' ? e.i.v : '';
  return wordsOf(name).some(word => DOUBLE.has(word));
}

function partOf({ program }: Model, env: Env, e: Expr): string | undefined {
  const value = evaluate(program, env, e);
  const origin = requestOrigin(program, value);
  if (!origin || !CHOSEN.has(origin.part) || (value.k === 'api' && /signedCookies/.test(value.path))) return undefined;
  return origin.part;
}

function textOf(e: Expr): string {
  if (e.k === 'mem') return `${textOf(e.o)}.${e.n}`;
  if (e.k === 'idx') return `${textOf(e.o)}[${e.i.k === 'str' ? `'${e.i.v}'` : '…'}]`;
  return e.k === 'id' ? e.n : e.k === 'as' ? textOf(e.e) : '…';
}
