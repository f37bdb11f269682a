import type { Expr } from '../model/facts.ts';
import { evaluate } from './evaluate.ts';
import type { Program } from './program.ts';
import { isRequest, requestOrigin } from './request-value.ts';
import { isCredentialName, SIGNATURE_NAME } from './sign-names.ts';
import { type ApiValue, alternatives, type Env, type Value } from './values.ts';

/** The value, and what an object literal hands on under its names. */
export function partsOfValue(value: Value): readonly Value[] {
  return value.k === 'object' ? [...value.props.values()] : [value];
}

/** A client that is only made where it is configured: what is called is its member, or nothing at all. */
export function present(value: Value): Value {
  if (value.k !== 'union') return value;
  const [only, ...others] = value.of.filter(one => one.k !== 'unknown' && one.k !== 'const');
  return only?.k === 'api' && others.length === 0 ? only : value;
}

/** Whether a value came in what was sent, not in what says who sends it. */
export function isSent(program: Program, value: Value): boolean {
  const part = requestOrigin(program, value)?.part;
  return part === 'body' || part === 'query' || part === 'params';
}

/** A header or cookie that names the caller. */
function isCredential(program: Program, value: Value): boolean {
  const origin = requestOrigin(program, value);
  return (origin?.part === 'headers' || origin?.part === 'cookies') && origin.names.some(isCredentialName);
}

/** The caller's own credential among what a call is given. */
export function handsOnCredential(program: Program, env: Env, e: Expr & { k: 'call' }): boolean {
  return e.a
    .flatMap(arg => partsOfValue(evaluate(program, env, arg)))
    .some(value => alternatives(value).some(one => isCredential(program, one)));
}

/** The platform's own request, out of the framework's: whoever gets it may look at all of it. */
export function handsOnRequest(program: Program, env: Env, e: Expr & { k: 'call' }): boolean {
  return e.a.some(arg => {
    if (arg.k !== 'mem' || arg.n !== 'raw') return false;
    const value = evaluate(program, env, arg);
    return (
      value.k === 'api' && value.from !== undefined && requestOrigin(program, value) === undefined && ofRequest(value)
    );
  });
}

function ofRequest(value: ApiValue): boolean {
  return isRequest(value) || (value.from !== undefined && ofRequest(value.from));
}

/** A package's function, rather than one of the language, of the request, or of the answer. */
export function isForeign(program: Program, callee: ApiValue): boolean {
  return (
    !BUILT_IN.test(callee.path) &&
    // What the answer itself can do with a cookie is no check of the caller.
    !(callee.from?.inst && /(?:Response|Reply)$/.test(callee.from.path)) &&
    !requestOrigin(program, callee) &&
    !program.adapters.response(program.adapters.canonical(callee.path))
  );
}

const BUILT_IN =
  /^(?:console|Buffer|JSON|Object|String|Number|Boolean|Math|URL|URLSearchParams|Promise|Array|Date|Error|Map|Set|Response|Headers|encodeURIComponent|decodeURIComponent|atob|btoa|parseInt|setTimeout|node:[^.#]+)(?:$|[.#(])/;

/** `signature !== expected`: what the sender signed with, against something that was worked out. */
export function comparesSignature(program: Program, env: Env, { l, r }: Expr & { k: 'bin' }): boolean {
  const given = isSignature(program, evaluate(program, env, l));
  if (given === isSignature(program, evaluate(program, env, r))) return false;
  const other = given ? r : l;
  return other.k !== 'nil' && other.k !== 'str' && other.k !== 'bool';
}

/** A header that holds a signature of what was sent. */
function isSignature(program: Program, value: Value): boolean {
  const origin = requestOrigin(program, value);
  return origin?.part === 'headers' && origin.names.some(name => SIGNATURE_NAME.test(name));
}

/** A library's call that is given what was sent together with its signature. */
export function checksSignature(program: Program, env: Env, e: Expr & { k: 'call' }): boolean {
  const values = e.a.flatMap(arg => partsOfValue(evaluate(program, env, arg)));
  if (!values.some(value => isSignature(program, value))) return false;
  return values.some(value => {
    const part = requestOrigin(program, value)?.part;
    return part === 'raw' || part === 'body';
  });
}

export function isBuiltIn(e: Expr): boolean {
  return e.k === 'id' && (e.n === 'JSON' || e.n === 'Date' || e.n === 'URL' || e.n === 'console');
}
