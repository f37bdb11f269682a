import { eachExprIn } from '../../link/env.ts';
import { evaluate } from '../../link/evaluate.ts';
import { expressionsWhere } from '../../link/kept/per-file.ts';
import { judgedUnits } from '../../link/kept/per-unit.ts';
import { definition } from '../../link/literals.ts';
import type { Model } from '../../link/model.ts';
import { alternatives, type Env, spanIn } from '../../link/values.ts';
import type { Expr, ExprOf, FunctionFact } from '../../model/facts.ts';
import type { Span } from '../../model/span.ts';

/** A number made of random bytes in a way that makes some numbers likelier than others. */
export interface BiasedRandom {
  readonly how: 'remainder' | 'sum';
  readonly span: Span;
}

const BYTES = /^(?:node:)?crypto\.(?:randomBytes|pseudoRandomBytes)\(\)$/;

/** `bytes[i] % n`, where 256 is no multiple of n, and sums or products of bytes. */
export function biasedRandom(model: Model): BiasedRandom[] {
  const out: BiasedRandom[] = [];
  for (const unit of judgedUnits(model)) {
    for (const { fn, e } of calculationsIn(unit.facts)) {
      const { op, l, r } = e as ExprOf<'bin'>;
      const env = model.program.staticEnv(unit, fn);
      if (!isByte(model, env, l) || isLimited(fn, l)) continue;
      if (op === '+' || op === '*' ? isByte(model, env, r) : isUneven(model, env, op, r))
        out.push({ how: op === '+' || op === '*' ? 'sum' : 'remainder', span: spanIn(env, e.p) });
    }
  }
  return out;
}

const calculationsIn = expressionsWhere(['bin'], e => e.k === 'bin' && /^[-%/+*]$/.test(e.op) && mayBeByte(e.l));

function mayBeByte(e: Expr): boolean {
  if (e.k === 'as') return mayBeByte(e.e);
  return e.k === 'idx' || e.k === 'id' || (e.k === 'call' && e.f.k === 'mem' && /^readU?Int8$/.test(e.f.n));
}

/** The byte is compared with a limit: those above it are left out. */
function isLimited(fn: FunctionFact, byte: Expr): boolean {
  let found = false;
  eachExprIn(fn, e => {
    if (e.k === 'bin' && /^[<>]=?$/.test(e.op)) found ||= isSame(e.l, byte) || isSame(e.r, byte);
  });
  return found;
}

function isSame(a: Expr, b: Expr): boolean {
  if (a.k === 'as') return isSame(a.e, b);
  if (b.k === 'as') return isSame(a, b.e);
  if (a.k === 'id' && b.k === 'id') return a.n === b.n;
  return a.k === 'idx' && b.k === 'idx' && isSame(a.o, b.o) && isSame(a.i, b.i);
}

/** An element of random bytes. */
function isByte({ program }: Model, env: Env, e: Expr): boolean {
  const { expr, env: there } = definition(program, { env, expr: e });
  const bytes =
    expr.k === 'idx'
      ? expr.o
      : expr.k === 'call' && expr.f.k === 'mem' && /^readU?Int8$/.test(expr.f.n)
        ? expr.f.o
        : undefined;
  return (
    bytes !== undefined &&
    alternatives(evaluate(program, there, bytes)).some(one => one.k === 'api' && BYTES.test(one.path))
  );
}

/** A divisor of which 256 is no multiple. */
function isUneven({ program }: Model, env: Env, op: string, e: Expr): boolean {
  const value = evaluate(program, env, e);
  const number = value.k === 'const' && typeof value.v === 'number' ? value.v : undefined;
  if (op !== '%' && op !== '/') return false;
  if (number === undefined) return false;
  // Divided by its own range, a byte is a part of one.
  return op === '%' ? 256 % number !== 0 : number < 255 && 256 % number !== 0;
}
