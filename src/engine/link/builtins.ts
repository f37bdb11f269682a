import type { ExprOf } from '../model/facts.ts';
import { argumentsOf } from './calls.ts';
import { callCollection, itemsOf } from './collections.ts';
import type { Program } from './program.ts';
import { join } from './text.ts';
import { type ArrayValue, api, constant, type Env, stringOf, UNKNOWN, union, type Value } from './values.ts';

/** Properties every array has. */
export function arrayMember(value: ArrayValue, name: string): Value {
  if (name === 'length') return value.open ? UNKNOWN : constant(value.items.length);
  if (/^\d+$/.test(name)) return value.items[Number(name)] ?? UNKNOWN;
  return UNKNOWN;
}

/** Properties every object has; only those whose value matters. */
export function objectMember(name: string): Value | undefined {
  return name === 'hasOwnProperty' || name === 'toString' ? UNKNOWN : undefined;
}

/** Calls of methods of arrays, strings, functions, promises and `Object.*`, as far as routes are built with them. */
export function callBuiltin(
  program: Program,
  env: Env,
  e: ExprOf<'call'>,
  receiver: Value,
  method: string,
): Value | undefined {
  const args = (): Value[] => argumentsOf(program, env, e.a);
  switch (receiver.k) {
    case 'array':
      return arrayMethod(program, env, receiver, method, args);
    case 'const':
      return typeof receiver.v === 'string' ? stringMethod(receiver.v, method, args()) : undefined;
    case 'template':
      return method === 'toString' || method === 'trim' ? receiver : undefined;
    case 'func':
      return functionMethod(program, env, e, receiver, method, args);
    case 'api':
      if (receiver.path === 'Object') return objectStatic(program, method, args());
      if (receiver.path === 'Array' && method === 'isArray') return arrayCheck(args()[0]);
      if (receiver.path === 'Array' && method === 'from') return arrayFrom(program, env, args());
      if (receiver.path === 'Promise' && method === 'all') return args()[0];
      return callCollection(program, env, receiver, method, args);
    case 'unknown':
    case 'param':
      if (method === 'then' || method === 'catch' || method === 'finally')
        return promiseMethod(program, env, receiver, method, args());
      return undefined;
    default:
      if (method === 'then' || method === 'catch' || method === 'finally')
        return promiseMethod(program, env, receiver, method, args());
      return undefined;
  }
}

function arrayMethod(
  program: Program,
  env: Env,
  receiver: ArrayValue,
  method: string,
  args: () => Value[],
): Value | undefined {
  const { items, open } = receiver;
  const each = (): Value[] => {
    const [callback] = args();
    if (callback?.k !== 'func') return items.map(() => UNKNOWN);
    return items.map((item, position) => program.callFunction(callback, [item, constant(position)], env));
  };
  switch (method) {
    case 'forEach':
      each();
      if (open) program.runCallbacks(env, args());
      return constant(undefined);
    case 'map':
      if (open) program.runCallbacks(env, args());
      return { k: 'array', items: each(), open };
    case 'flatMap':
      return { k: 'array', items: each().flatMap(one => (one.k === 'array' ? one.items : [one])), open };
    case 'filter':
    case 'slice':
    case 'reverse':
    case 'sort':
    case 'toSorted':
      return { k: 'array', items: [...items], open };
    case 'concat':
      return { k: 'array', items: [...items, ...args().flatMap(one => (one.k === 'array' ? one.items : [one]))], open };
    case 'push':
      program.effects++;
      if (program.cells.mayChange(receiver)) items.push(...args());
      return UNKNOWN;
    case 'join': {
      const glue = stringOf(args()[0] ?? constant(',')) ?? ',';
      return join(items.flatMap((item, position) => (position ? [glue, item] : [item])));
    }
    case 'reduce': {
      const [callback, initial] = args();
      if (callback?.k !== 'func') return UNKNOWN;
      return items.reduce((sum: Value, item) => program.callFunction(callback, [sum, item], env), initial ?? UNKNOWN);
    }
    case 'flat':
      return { k: 'array', items: items.flatMap(one => (one.k === 'array' ? one.items : [one])), open };
    case 'find':
      return union([...items]);
    case 'at':
      return UNKNOWN;
    default:
      return undefined;
  }
}

function stringMethod(text: string, method: string, args: readonly Value[]): Value | undefined {
  const [a, b] = args.map(stringOf);
  switch (method) {
    case 'toLowerCase':
      return constant(text.toLowerCase());
    case 'toUpperCase':
      return constant(text.toUpperCase());
    case 'trim':
      return constant(text.trim());
    case 'toString':
      return constant(text);
    case 'concat':
      return join([text, ...args]);
    case 'split':
      return a === undefined ? UNKNOWN : { k: 'array', items: text.split(a).map(constant), open: false };
    case 'replace':
      return a === undefined || b === undefined ? UNKNOWN : constant(text.replace(a, b));
    default:
      return undefined;
  }
}

function functionMethod(
  program: Program,
  env: Env,
  e: ExprOf<'call'>,
  receiver: Value & { k: 'func' },
  method: string,
  args: () => Value[],
): Value | undefined {
  if (method === 'bind') {
    const [self] = args();
    return self && self.k !== 'unknown' ? { ...receiver, self } : receiver;
  }
  if (method === 'call') return program.callFunction(receiver, args().slice(1), env, e);
  if (method === 'apply') {
    const list = args()[1];
    return program.callFunction(receiver, list?.k === 'array' ? list.items : [], env, e);
  }
  return undefined;
}

function objectStatic(program: Program, method: string, args: readonly Value[]): Value | undefined {
  const [first] = args;
  if (method === 'assign' && first?.k === 'object') {
    if (!program.cells.mayChange(first)) return first;
    program.effects++;
    for (const source of args.slice(1)) {
      if (source.k === 'object') for (const [name, value] of source.props) first.props.set(name, value);
      else first.open = true;
    }
    return first;
  }
  if (method === 'freeze' || method === 'seal') return first;
  if (first?.k !== 'object') return undefined;
  const { props, open } = first;
  if (method === 'keys') return { k: 'array', items: [...props.keys()].map(constant), open };
  if (method === 'values') return { k: 'array', items: [...props.values()], open };
  if (method === 'entries') {
    return {
      k: 'array',
      items: [...props].map(([name, value]) => ({ k: 'array', items: [constant(name), value], open: false })),
      open,
    };
  }
  return undefined;
}

/** A copy of what can be gone over, each element put through the function given with it. */
function arrayFrom(program: Program, env: Env, [given, callback]: readonly Value[]): Value | undefined {
  const items = given && itemsOf(given);
  if (!items) return undefined;
  const copy: ArrayValue = { k: 'array', items: [...items.items], open: items.open };
  return callback ? arrayMethod(program, env, copy, 'map', () => [callback]) : copy;
}

function arrayCheck(value: Value | undefined): Value {
  if (!value || value.k === 'unknown' || value.k === 'param' || value.k === 'union' || value.k === 'api')
    return UNKNOWN;
  return constant(value.k === 'array');
}

function promiseMethod(program: Program, env: Env, receiver: Value, method: string, args: readonly Value[]): Value {
  const [callback] = args;
  const given = method === 'then' ? [receiver] : [];
  if (callback?.k === 'func' && !env.isStatic) return program.callFunction(callback, given, env);
  return callback?.k === 'func' && method === 'then'
    ? program.returns(callback, given)
    : receiver.k === 'unknown'
      ? UNKNOWN
      : receiver;
}

/** Global names and what they are; anything else of the global scope is an API of that name. */
export function globalValue(name: string): Value {
  return name === 'undefined' ? constant(undefined) : api(name);
}
