import type { Endpoint } from '../link/endpoint.ts';
import { eachExpr, eachStmt, exprsOf } from '../link/env.ts';
import { evaluate } from '../link/evaluate.ts';
import type { Model } from '../link/model.ts';
import type { Program } from '../link/program.ts';
import { requestOrigin } from '../link/request-value.ts';
import { signalsOf, staticEnvOf } from '../link/signals.ts';
import type { FuncValue } from '../link/values.ts';
import type { Expr } from '../model/facts.ts';

/** A root field that answers anyone although its siblings ask who is calling. */
export interface OpenField {
  readonly field: Endpoint;
  readonly guarded: readonly Endpoint[];
  /** Fields of its kind in the same schema. */
  readonly siblings: number;
}

/** Reading is open on purpose in many schemas: only where nearly all of it is guarded does an open field stand out. */
const MOST = 0.8;
const ENOUGH = { MUTATION: 2, QUERY: 5, SUBSCRIPTION: 3 } as const;

/** Of GraphQL schemas, or procedures of a service (`rpc`). */
export function openFields(model: Model, protocol: 'graphql' | 'rpc'): OpenField[] {
  const fields = model.fields.filter(one => one.protocol === protocol);
  const groups = new Map<string, Endpoint[]>();
  for (const field of fields) {
    const key = `${field.unit} ${field.schema?.file}:${field.schema?.start} ${field.method}`;
    const list = groups.get(key);
    if (list) list.push(field);
    else groups.set(key, [field]);
  }
  const signing = signingIn(model);
  return [...groups.values()].flatMap(group => {
    const kind = group[0]!.method as keyof typeof ENOUGH;
    const guarded = group.filter(({ auth }) => auth === 'yes');
    const open = group.filter(field => isOpen(model, field) && !signing.has(field));
    const share = guarded.length / (guarded.length + open.length || 1);
    if (guarded.length < ENOUGH[kind] || share < (kind === 'MUTATION' ? 0.5 : MOST)) return [];
    return open.map(field => ({ field, guarded, siblings: group.length }));
  });
}

function isOpen({ program }: Model, { auth, partial, isPublic, handler, chain, protocol, path }: Endpoint): boolean {
  if (auth !== 'no' || partial !== undefined || isPublic !== undefined || !handler) return false;
  if (chain.some(({ roles }) => roles.includes('verifies-token') || roles.includes('recognises'))) return false;
  if (protocol === 'rpc' && (SIGNS_IN.test(path) || readsToken(program, handler))) return false;
  // Whoever works with the caller's identity has thought of callers; that may well go wrong without one.
  const { credentials, verifies, permissions, opaque } = signalsOf(program, handler);
  return credentials.length + verifies.length + permissions.length === 0 && !opaque;
}

/** Fields that make an account or hand out a token. */
function signingIn({ operations, reached }: Model): ReadonlySet<Endpoint> {
  const signs = operations('password-hash', 'password-compare', 'jwt-sign');
  return new Set(signs.flatMap(({ fn }) => reached.get(fn)?.endpoints ?? []));
}

const SIGNS_IN = /sign_?(?:in|up|out)|log_?(?:in|out)|passkey|register|onboard|invit|verif/i;
const TOKEN = /token|code|otp|secret|signature|hash$/i;

/** Whoever shows a token that was sent to them needs no account. */
function readsToken(program: Program, handler: FuncValue): boolean {
  const env = staticEnvOf(program, handler);
  let found = false;
  const isSent = (e: Expr): boolean => requestOrigin(program, evaluate(program, env, e))?.part === 'body';
  eachStmt(handler.fn.body, stmt => {
    if (stmt.k === 'let' && stmt.pat.k === 'pobj' && stmt.v && isSent(stmt.v))
      for (const { key } of stmt.pat.props) if (typeof key === 'string' && TOKEN.test(key)) found = true;
    for (const e of exprsOf(stmt))
      eachExpr(e, one => {
        if (one.k === 'mem' && TOKEN.test(one.n) && isSent(one.o)) found = true;
      });
  });
  return found;
}
