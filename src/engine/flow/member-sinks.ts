import { conditionsAt } from '../link/conditions.ts';
import { bindingsOf, eachExpr } from '../link/env.ts';
import { evaluate } from '../link/evaluate.ts';
import type { Expr, ExprOf, Pos } from '../model/facts.ts';
import { flowOf } from './expressions.ts';
import { AS_TEXT, maskOf } from './kinds.ts';
import { reach } from './reach.ts';
import { proved } from './state.ts';
import { ANY, type Origin, rootKey, type Taint } from './taint.ts';
import type { Walk } from './walk.ts';

/** A property is set: of an object that somebody else chose, or of an element of a page. */
export function memberSinks(walk: Walk, { p }: ExprOf<'assign'>, target: ExprOf<'mem' | 'idx'>, value: Taint): void {
  const holder = flowOf(walk, target.o);
  reach(walk, { f: target, p }, 'proto', '', target, holder, isSetByPath(walk, target, holder) ? { stated: true } : {});
  if (target.k === 'idx') copySink(walk, target, p, value);
  if (target.k === 'mem' && /^(?:inner|outer)HTML$/.test(target.n))
    reach(walk, { f: target, p }, 'html', 'Element', target, value, { stated: true });
}

/** `object[path[0]][path[1]] = …`: an object and the steps into it, all handed over by a caller. */
function isSetByPath(walk: Walk, target: ExprOf<'mem' | 'idx'>, holder: Taint): boolean {
  const given = holder.own.find(({ root, picked, text }) => root.k === 'param' && !picked && !text)?.root;
  if (target.k !== 'idx') return false;
  if (isSetByText(walk, target, holder)) return true;
  if (given?.k !== 'param') return false;
  // Its own names come back to the object they are from.
  const isOther = (one: Origin): boolean => isStep(one) && one.root.k === 'param' && one.root.index !== given.index;
  return holder.own.some(one => one.picked && isOther(one)) && flowOf(walk, target.i).own.some(isOther);
}

/** `out[parts[0]][parts[1]] = …`, where both names are parts of one text that a caller passes: a parser of such texts. */
function isSetByText(walk: Walk, target: ExprOf<'idx'>, holder: Taint): boolean {
  const parsed = holder.own.filter(({ root, picked }) => picked === 'by text' && root.k === 'param');
  return (
    parsed.length > 0 &&
    flowOf(walk, target.i).own.some(
      ({ root, part, before }) => part && before === '' && parsed.some(one => rootKey(one.root) === rootKey(root)),
    )
  );
}

/** A parameter that is a name itself, or a list of names. */
function isStep({ root, path }: Origin): boolean {
  const last = path.at(-1);
  return root.k === 'param' && (last === undefined || last === ANY || /^\d+$/.test(last));
}

/** `for (const name in req.body) user[name] = …`: every name of a body is set, onto an object that was there before. */
function copySink(walk: Walk, target: ExprOf<'idx'>, p: Pos, value: Taint): void {
  const holder = evaluate(walk.program, walk.env, target.o);
  // A table of one's own, a list, or a map without a prototype.
  if (holder.k === 'object' || holder.k === 'array' || (holder.k === 'api' && holder.path === 'Object.create()'))
    return;
  if (isMadeHere(walk, target.o)) return;
  fieldSink(walk, target, p, value);
  if (target.i.k === 'id' && isAskedAbout(walk, target.i.n, p)) return;
  const names = flowOf(walk, target.i).own.filter(
    ({ text, path, before }) => text && path.length === 0 && before === '',
  );
  const own = names.map(origin => ({ ...origin, text: false, mask: origin.mask & ~AS_TEXT }));
  reach(walk, { f: target, p }, 'record', '', target, { own, fields: undefined });
}

/** `if (mayBeSet(label, name)) …`: a function decides by the name; whether one's own has it decides nothing. */
function isAskedAbout({ fn }: Walk, name: string, [start]: Pos): boolean {
  let found = false;
  for (const test of conditionsAt(fn, start))
    eachExpr(test, e => {
      if (e.k !== 'call' || !e.a.some(arg => arg.k === 'id' && arg.n === name)) return;
      found ||= !/^(?:hasOwn|hasOwnProperty|call|isArray)$/.test(e.f.k === 'mem' || e.f.k === 'id' ? e.f.n : '');
    });
  return found;
}

/** A variable that only ever holds tables written down in the function: `copy ??= { ...input }`. */
function isMadeHere({ fn }: Walk, e: Expr): boolean {
  if (e.k !== 'id' || e.s !== fn.id) return false;
  const sources = bindingsOf(fn).get(e.n)?.sources ?? [];
  return (
    sources.length > 0 &&
    sources.every(({ from, path }) => path.length === 0 && (from?.k === 'obj' || from?.k === 'nil'))
  );
}

/** `account[req.body.field] = req.body.value`: the request chooses what is written, and where. */
function fieldSink(walk: Walk, target: ExprOf<'idx'>, p: Pos, value: Taint): void {
  if (!value.own.some(({ root }) => root.k === 'source' && root.label === 'remote')) return;
  const chosen = proved(walk.state, flowOf(walk, target.i)).own.filter(
    ({ path, before, mask }) => path.length > 0 && before === '' && !(mask & maskOf('proto')),
  );
  const own = chosen.map(origin => ({ ...origin, text: false, mask: origin.mask & ~AS_TEXT }));
  reach(walk, { f: target, p }, 'record', '', target, { own, fields: undefined }, { stated: true });
}
