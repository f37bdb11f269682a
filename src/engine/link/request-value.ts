import type { Expr } from '../model/facts.ts';
import { evaluate } from './evaluate.ts';
import { definition, type Place } from './literals.ts';
import type { Program } from './program.ts';
import { isCredentialName, SESSION_IDENTITY } from './sign-names.ts';
import { type ApiValue, alternatives, type Env, type ObjectValue, type Value } from './values.ts';

export type Part = NonNullable<ReturnType<Program['adapters']['request']>>;

/** The part of a request a value is, e.g. `req.headers` → headers. */
export function requestPart(program: Program, value: Value): Part | undefined {
  return value.k === 'api' ? program.adapters.request(program.adapters.canonical(value.path)) : undefined;
}

/** A value that came out of a request: its part, and the names read from it on the way. */
export function requestOrigin(program: Program, value: Value): { part: Part; names: readonly string[] } | undefined {
  const names: string[] = [];
  let at: ApiValue | undefined = value.k === 'api' ? value : undefined;
  for (let depth = 0; at && depth < 12; depth++) {
    const part = requestPart(program, at);
    // `req.get('Authorization')`, `getHeader(event, 'Authorization')`: what was asked for is told by the argument.
    const [first, second] = at.made?.args ?? [];
    const argument = part && first?.k === 'api' ? second : first;
    if (argument?.k === 'const' && typeof argument.v === 'string') names.unshift(argument.v);
    if (part) return { part, names };
    names.unshift(lastName(at.path));
    at = at.from;
  }
  return undefined;
}

/** Whether a value says who is calling: a credential, a session's identity, a verified token. */
export function isIdentity(program: Program, value: Value, depth = 0): boolean {
  if (depth > 4) return false;
  const all = alternatives(value);
  return all.some(one => {
    // What a call is given in an object is handed on, not asked for.
    if (one.k === 'object' && depth === 0 && all.length > 1) return tellsCaller(program, one, 0);
    if (one.k !== 'api') return false;
    const origin = requestOrigin(program, one);
    if (origin) {
      if (origin.part === 'user') return true;
      if (origin.part === 'session')
        return origin.names.length === 0 || origin.names.some(name => SESSION_IDENTITY.test(name));
      if (origin.part === 'headers' || origin.part === 'cookies') return origin.names.some(isCredentialName);
      return false;
    }
    for (let at: ApiValue | undefined = one; at; at = at.from) if (isProof(program, at)) return true;
    return (one.made?.args ?? []).some(arg => isIdentity(program, arg, depth + 1));
  });
}

/** `{ user: { id: payload.sub } }`, where the alternative is nothing: a helper's answer to who is calling. */
function tellsCaller(program: Program, { props }: ObjectValue, depth: number): boolean {
  return [...props.values()].some(one =>
    one.k === 'object' ? depth < 2 && tellsCaller(program, one, depth + 1) : isIdentity(program, one, 1),
  );
}

/** The result of a call that verifies a token or reads a verified session. */
function isProof(program: Program, value: ApiValue): boolean {
  if (!value.made) return false;
  const path = program.adapters.canonical(value.path.replace(/\(\)$/, ''));
  const { made } = value;
  const drafts = program.adapters.operation(path)?.read({
    callee: value,
    site: made,
    chain: [],
    end: 'argument',
    arg: position => made.call.a[position],
    value: position => made.args[position],
  });
  const kind = drafts && ('kind' in drafts ? drafts.kind : drafts[0]?.kind);
  return kind === 'jwt-verify' || kind === 'identity-read';
}

/** What these give is what they were given, in another form. */
const COPIES = /^(?:Object\.(?:fromEntries|entries|assign)|JSON\.parse|structuredClone)\(\)$/;

/** The parts of a request among a call's arguments; a whole request stands for all of them. */
export function partsIn(program: Program, env: Env, args: readonly Expr[]): Set<Part> {
  const out = new Set<Part>();
  const add = (value: Value, depth: number): void => {
    for (const one of alternatives(value)) {
      if (one.k === 'object' && depth < 2) for (const inner of one.props.values()) add(inner, depth + 1);
      if (one.k !== 'api') continue;
      const origin = requestOrigin(program, one);
      if (origin) out.add(origin.part);
      else if (isRequest(one)) for (const part of WHOLE) out.add(part);
      else if (depth < 2 && (one.path.startsWith('class-transformer.') || COPIES.test(one.path)))
        for (const inner of one.made?.args ?? []) add(inner, depth + 1);
    }
  };
  for (const arg of args) {
    const before = out.size;
    add(evaluate(program, env, arg), 0);
    // What a helper takes from a request, such as `pick(req, ['body'])`, is some part of it.
    if (out.size === before && arg.k === 'id') for (const part of takenFrom(program, { env, expr: arg })) out.add(part);
  }
  return out;
}

function takenFrom(program: Program, place: Place): readonly Part[] {
  const { env, expr } = definition(program, place);
  return expr.k === 'call' && expr.a.some(arg => isRequest(evaluate(program, env, arg))) ? WHOLE : [];
}

const WHOLE: readonly Part[] = ['body', 'query', 'params'];

export function isRequest(value: Value): boolean {
  if (value.k !== 'api') return false;
  return (
    (value.inst && /(?:\.|^)(?:Fastify|Next(?:Api)?)?Request$|Context$/.test(value.path)) || OF_CONTEXT.test(value.path)
  );
}

/** Koa and Hono keep the request in the context of its handlers. */
const OF_CONTEXT = /\.Context#req(?:uest)?$/;

function lastName(path: string): string {
  const at = Math.max(path.lastIndexOf('.'), path.lastIndexOf('#'));
  return path.slice(at + 1).replace(/\(\)/g, '');
}
