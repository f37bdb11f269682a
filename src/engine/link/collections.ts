import type { ExprOf } from '../model/facts.ts';
import { argumentsOf } from './calls.ts';
import type { Program } from './program.ts';
import {
  type ApiValue,
  type ArrayValue,
  constant,
  type Env,
  type Held,
  sameValue,
  UNDEFINED,
  UNKNOWN,
  union,
  type Value,
} from './values.ts';

/** `new Map(entries)` and `new Set(items)` of code that is carried out; undefined for anything else. */
export function newCollection(program: Program, env: Env, callee: ApiValue, e: ExprOf<'call'>): Value | undefined {
  if (!e.new || env.isStatic || (callee.path !== 'Map' && callee.path !== 'Set')) return undefined;
  const args = argumentsOf(program, env, e.a);
  const [given] = args;
  const held: Held = { pairs: [], open: given !== undefined && given.k !== 'const' };
  const items = given && itemsOf(given);
  if (items) {
    held.open = items.open;
    for (const item of items.items) {
      if (callee.path === 'Set') put(held, item, item);
      else if (item.k === 'array') put(held, item.items[0] ?? UNKNOWN, item.items[1] ?? UNKNOWN);
      else held.open = true;
    }
  }
  program.cells.made(held);
  return { k: 'api', path: callee.path, inst: true, made: { file: env.unit.path, call: e, env, args }, held };
}

/** What going over a value gives: elements of an array or a set, pairs of a map. */
export function itemsOf(value: Value): ArrayValue | undefined {
  if (value.k === 'array') return value;
  if (value.k !== 'api' || !value.held) return undefined;
  return list(
    value.held,
    value.held.pairs.map(([key, one]) => (value.path === 'Set' ? one : pair(key, one))),
  );
}

/** Calls of methods of a `Map` or `Set` that start-up code fills and goes over. */
export function callCollection(
  program: Program,
  env: Env,
  receiver: ApiValue,
  method: string,
  args: () => Value[],
): Value | undefined {
  const { held } = receiver;
  if (!held || env.isStatic) return undefined;
  switch (method) {
    case 'set':
    case 'add': {
      const [key = UNKNOWN, given = key] = args();
      program.effects++;
      if (program.cells.mayChange(held)) put(held, key, given);
      return receiver;
    }
    case 'delete':
    case 'clear':
      program.effects++;
      if (program.cells.mayChange(held)) held.open = true;
      return UNKNOWN;
    case 'get':
      return valueAt(program, held, args()[0]);
    case 'has': {
      const at = valueAt(program, held, args()[0]);
      return at.k === 'unknown' ? UNKNOWN : constant(at !== UNDEFINED);
    }
    case 'keys':
      return list(
        held,
        held.pairs.map(([one]) => one),
      );
    case 'values':
      return list(
        held,
        held.pairs.map(([, one]) => one),
      );
    case 'entries':
      return list(
        held,
        held.pairs.map(([one, value]) => pair(one, value)),
      );
    case 'forEach': {
      const given = args();
      const [callback] = given;
      if (callback?.k === 'func')
        for (const [one, value] of [...held.pairs]) program.callFunction(callback, [value, one], env);
      if (held.open) program.runCallbacks(env, given);
      return UNDEFINED;
    }
    default:
      return undefined;
  }
}

/** Under an unknown key may be any of the values; what is missing is only known while start-up fills the map. */
function valueAt(program: Program, { pairs, open }: Held, key: Value | undefined): Value {
  if (key?.k !== 'const') return open || pairs.length === 0 ? UNKNOWN : union(pairs.map(([, value]) => value));
  const found = pairs.find(([one]) => sameValue(one, key));
  if (found) return found[1];
  return open || program.isBooted || pairs.some(([one]) => one.k !== 'const') ? UNKNOWN : UNDEFINED;
}

function put(held: Held, key: Value, value: Value): void {
  const at = held.pairs.findIndex(([one]) => one.k !== 'unknown' && sameValue(one, key));
  if (at === -1) held.pairs.push([key, value]);
  else held.pairs[at] = [key, value];
}

function list({ open }: Held, items: Value[]): ArrayValue {
  return { k: 'array', items, open };
}

function pair(key: Value, value: Value): ArrayValue {
  return { k: 'array', items: [key, value], open: false };
}
