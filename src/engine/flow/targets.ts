import { type Expr, GLOBAL, MODULE, type Pattern, type Pos } from '../model/facts.ts';
import { flowOf, keyOf, variable } from './expressions.ts';
import { isOnRequest, memberExpr, met } from './left.ts';
import { withoutKeys } from './rows.ts';
import { addWrite, isOpen } from './summary.ts';
import { ANY, CLEAN, isClean, join, type Origin, read, type Taint, withStep, write } from './taint.ts';
import { evidence, spanOf, textOf, varKey, type Walk } from './walk.ts';

/** Gives a target its value. */
export function bind(walk: Walk, target: Expr | Pattern, value: Taint, weak = false): void {
  switch (target.k) {
    case 'pid':
    case 'id': {
      const told = isClean(value) ? value : withStep(value, evidence(walk, target.p, `\`${target.n}\` holds it`));
      setVariable(walk, target.s, target.n, told, weak);
      return;
    }
    case 'pobj':
      for (const { key, v, d } of target.props) {
        const part = typeof key === 'string' ? memberOf(walk, value, key, v.p) : CLEAN;
        bind(walk, v, d ? join(part, flowOf(walk, d)) : part, weak);
      }
      if (target.rest) bind(walk, target.rest, withoutKeys(value, target.props), weak);
      return;
    case 'parr':
      target.items.forEach((item, position) => {
        if (!item) return;
        const part = read(value, String(position));
        bind(walk, item.v, item.d ? join(part, flowOf(walk, item.d)) : part, weak);
      });
      if (target.rest) bind(walk, target.rest, value, weak);
      return;
    case 'pmem':
      bind(walk, target.e, value, weak);
      return;
    case 'as':
      bind(walk, target.e, value, weak);
      return;
    case 'mem':
    case 'idx':
      setMember(walk, target, [], value, weak, target);
      return;
    default:
      return;
  }
}

/** `const { query } = req`: as it would be without the pattern. */
function memberOf(walk: Walk, value: Taint, name: string, p: Pos): Taint {
  const e = memberExpr(value, name, p);
  const part = met(walk, read(value, name), e);
  const found = value.own.find(({ root, at }) => root.k === 'api' && at)?.at;
  const { start } = spanOf(walk, e);
  const own = part.own.map((origin): Origin => {
    const { root, at } = origin;
    if (!at) return origin;
    // The place is that of the object, as it is where the member is read from it.
    if (found && at.span.start === start) return { ...origin, at: { span: found.span, text: at.text } };
    return root.k === 'source' || root.k === 'left'
      ? origin
      : { ...origin, at: { span: at.span, text: `${at.text}.${name}` } };
  });
  return { own, fields: part.fields };
}

function setVariable(walk: Walk, scope: number, name: string, value: Taint, weak: boolean): void {
  const key = varKey(scope, name);
  walk.setAt.set(key, ++walk.clock);
  walk.state.vars.set(key, weak ? join(walk.state.vars.get(key) ?? CLEAN, value) : value);
  if (scope !== walk.fn.id && scope !== MODULE && scope !== GLOBAL && !isClean(value))
    addWrite(walk.summary, { root: { k: 'captured', scope, name }, path: [], value });
}

/** `a.b.c = value`, down to the variable that holds it; `whole` is what is written, if it is in the code. */
export function setMember(
  walk: Walk,
  target: Expr,
  rest: readonly string[],
  value: Taint,
  weak: boolean,
  whole?: Expr,
): void {
  if (target.k === 'as') {
    setMember(walk, target.e, rest, value, weak, whole);
    return;
  }
  if (target.k === 'mem' || target.k === 'idx') {
    if (target.k === 'idx') flowOf(walk, target.i);
    const name = target.k === 'mem' ? target.n : (keyOf(walk, target.i) ?? ANY);
    setMember(walk, target.o, [name, ...rest], value, weak, whole);
    return;
  }
  if (target.k !== 'this' && !(target.k === 'id' && target.s !== GLOBAL)) return;
  const key = target.k === 'this' ? 'this' : varKey(target.s, target.n);
  // Not as it is read here: whoever reads it later tells where.
  const before = target.k === 'id' ? variable(walk, target) : flowOf(walk, target);
  let told = value;
  if (isOnRequest(before)) {
    walk.writesOnRequest = true;
    if (whole && !isClean(value)) told = withStep(value, evidence(walk, whole.p, `\`${textOf(whole)}\` holds it`));
  }
  walk.setAt.set(key, ++walk.clock);
  walk.state.vars.set(key, write(before, rest, told, weak));
  if (isClean(value) || rest.length > 4) return;
  for (const { root, path, text } of before.own)
    if (!text && isOpen(root)) addWrite(walk.summary, { root, path: [...path, ...rest], value });
}
