import type { Endpoint } from '../link/endpoint.ts';
import { blocksOf, eachChild, exprsOf, innerFunctions } from '../link/env.ts';
import { evaluate } from '../link/evaluate.ts';
import type { Program } from '../link/program.ts';
import { requestOrigin } from '../link/request-value.ts';
import { staticEnvOf } from '../link/signals.ts';
import type { Env } from '../link/values.ts';
import type { Expr, FunctionFact, Pattern, Stmt, TypeRef } from '../model/facts.ts';
import { type DeclaredFields, declaredFields } from './declared-fields.ts';

export type FieldType = 'string' | 'number' | 'boolean' | 'numeric';

/** What a handler's use proves about a field; `numeric` is text or a number that is turned into one. */
export interface FieldShape {
  type: FieldType | undefined;
  optional: boolean;
}

/** The body as a handler takes it apart. */
export interface BodyShape {
  readonly fields: ReadonlyMap<string, FieldShape>;
  /** Every place where the body itself is written, casts included. */
  readonly sources: readonly BodySource[];
}

export interface BodySource {
  /** Without casts. */
  readonly e: Expr;
  readonly outer: Expr;
  readonly fn: FunctionFact;
  /** It is the value of a declaration. */
  readonly declared: boolean;
}

interface Place {
  readonly env: Env;
  readonly stmt: Stmt;
  /** From the nearest outwards. */
  readonly parents: readonly Expr[];
}

const STRING =
  /^(?:trim\w*|to(?:Lower|Upper)Case|split|starts[Ww]ith|endsWith|replace(?:All)?|match|char\w+|pad\w+|normalize|localeCompare)$/;
const EITHER = /^(?:length|slice|includes|indexOf|toString)$/;
const ARITHMETIC = /^(?:-|\*|\/|%|\*\*)$/;
/** Names, and last words of names, that are rarely those of a text. */
const NOT_TEXT =
  /^(?:age|amount|count|price|quantity|qty|total|size|limit|score|rating|list|data|enabled|active|latitude|longitude|config|meta|metadata|payload|file|year|number|\w+[^su]s)$/;
const FLAG = /^(?:is|has|can|should|num)[A-Z_]/;

/** The fields a handler reads of the body and what is known of them; undefined if the body is used in any other way. */
export function bodyShape(program: Program, { handler }: Endpoint): BodyShape | undefined {
  if (!handler) return undefined;
  const fields = new Map<string, FieldShape>();
  const sources: BodySource[] = [];
  const locals: { name: string; s: number; field: string }[] = [];
  let declared: DeclaredFields | undefined;
  let fits = true;
  const field = (name: string): FieldShape => {
    const known = fields.get(name) ?? { type: undefined, optional: false };
    fields.set(name, known);
    return known;
  };
  const prove = (name: string, type: FieldType): void => {
    const known = field(name);
    if (known.type !== undefined && known.type !== type) fits = false;
    known.type = type;
  };
  const declare = (env: Env, type: TypeRef | undefined): void => {
    if (!type || type.n === 'any' || type.n === 'unknown') return;
    const found = declaredFields(program, env.unit, type);
    if (!found) fits = false;
    declared ??= found;
  };
  const bind = (pat: Pattern, name: string, fallback?: Expr): void => {
    if (pat.k === 'pid') locals.push({ name: pat.n, s: pat.s, field: name });
    else fits = false;
    if (fallback) used(name, { k: 'log', op: '??', l: fallback, r: fallback, p: fallback.p }, fallback);
  };
  /** What an expression around a field's value proves. */
  const used = (name: string, parent: Expr | undefined, e: Expr): void => {
    const known = field(name);
    const literal = (other: Expr): void => {
      if (other.k === 'str' || other.k === 'tpl') prove(name, 'string');
      if (other.k === 'num') prove(name, 'number');
      if (other.k === 'bool') prove(name, 'boolean');
      if (other.k === 'obj' || other.k === 'arr') fits = false;
    };
    switch (parent?.k) {
      case 'mem':
        if (STRING.test(parent.n)) prove(name, 'string');
        else if (parent.n === 'toFixed') prove(name, 'number');
        else if (!EITHER.test(parent.n)) fits = false;
        break;
      case 'idx':
      case 'spread':
        fits = false;
        break;
      case 'assign':
        if (parent.l === e) fits = false;
        break;
      case 'bin': {
        const other = parent.l === e ? parent.r : parent.l;
        if (ARITHMETIC.test(parent.op)) prove(name, 'number');
        else if (parent.op !== 'in' && parent.op !== 'instanceof') literal(other);
        else fits = false;
        break;
      }
      case 'log':
        if (parent.l === e) known.optional = true;
        if (parent.l === e && parent.op !== '&&') literal(parent.r);
        break;
      case 'un':
        if (parent.op === '!') known.optional = true;
        else if (parent.op === '+') prove(name, 'numeric');
        else if (parent.op === '-') prove(name, 'number');
        break;
      case 'cond':
        if (parent.t === e) known.optional = true;
        break;
      case 'call': {
        const callee = parent.f.k === 'id' ? parent.f.n : parent.f.k === 'mem' ? parent.f.n : '';
        if (/^(?:Number|parseInt|parseFloat)$/.test(callee)) prove(name, 'numeric');
        else if (/^(?:Boolean|stringify|isArray|entries|keys|values|assign)$/.test(callee)) fits = false;
        break;
      }
    }
  };
  const take = (e: Expr, { env, stmt, parents }: Place): void => {
    const { outer, parent, types } = uncasted(e, parents);
    for (const type of types) declare(env, type);
    const declares = stmt.k === 'let' && stmt.v === outer && parent === undefined;
    if (e.k !== 'id') sources.push({ e, outer, fn: env.fn, declared: declares });
    if (declares) {
      declare(env, stmt.t);
      const { pat } = stmt;
      if (pat.k === 'pid') return;
      if (pat.k !== 'pobj' || pat.rest) fits = false;
      else
        for (const { key, v, d } of pat.props) {
          if (typeof key !== 'string') fits = false;
          else {
            field(key);
            bind(v, key, d);
          }
        }
      return;
    }
    if (parent?.k !== 'mem' || parent.o !== outer) {
      fits = false;
      return;
    }
    field(parent.n);
    const at = parents.indexOf(parent);
    const value = uncasted(parent, parents.slice(at + 1));
    for (const { n } of value.types) if (n === 'string' || n === 'number' || n === 'boolean') prove(parent.n, n);
    if (stmt.k === 'let' && stmt.v === value.outer) bind(stmt.pat, parent.n);
    else if (stmt.k === 'loop' && stmt.of === value.outer) fits = false;
    else if (stmt.k === 'if' && stmt.t === value.outer) field(parent.n).optional = true;
    used(parent.n, value.parent, value.outer);
  };
  const places: { e: Expr; place: Place }[] = [];
  const visit = (env: Env): void => {
    walkBody(env.fn.body, (e, stmt, parents) => places.push({ e, place: { env, stmt, parents } }));
    for (const inner of innerFunctions(env.unit.facts, env.fn)) visit(program.staticEnv(env.unit, inner));
  };
  const env = staticEnvOf(program, handler);
  visit(env);
  declare(env, bodyTypeOf(handler.fn.params[0]?.t));
  for (const { e, place } of places) {
    if (e.k !== 'mem' && e.k !== 'id' && e.k !== 'await') continue;
    const origin = requestOrigin(program, evaluate(program, place.env, e));
    if (origin?.part === 'body' && origin.names.length === 0 && !inside(e, place.parents, program, place.env))
      take(e, place);
  }
  for (const { e, place } of places) {
    const local = e.k === 'id' && locals.find(one => one.name === e.n && one.s === e.s);
    if (!local) continue;
    const { outer, parent, types } = uncasted(e, place.parents);
    for (const { n } of types) if (n === 'string' || n === 'number' || n === 'boolean') prove(local.field, n);
    if (place.stmt.k === 'loop' && place.stmt.of === outer) fits = false;
    if (place.stmt.k === 'if' && place.stmt.t === outer) field(local.field).optional = true;
    used(local.field, parent, outer);
  }
  for (const [name, shape] of fields) {
    const known = declared?.get(name);
    if (declared && !known) fits = false;
    if (known && shape.type !== 'numeric') prove(name, known.type);
    if (known?.optional) shape.optional = true;
    if (shape.type === undefined && (FLAG.test(name) || NOT_TEXT.test(lastWord(name)))) fits = false;
  }
  return fits && fields.size > 0 && sources.length > 0 ? { fields, sources } : undefined;
}

function lastWord(name: string): string {
  return (name.split(/(?=[A-Z])|_/).at(-1) ?? name).toLowerCase();
}

/** `await c.req.json()` is one reading of the body, not two. */
function inside(e: Expr, [parent]: readonly Expr[], program: Program, env: Env): boolean {
  if (parent?.k !== 'await' || e.k === 'id') return false;
  return requestOrigin(program, evaluate(program, env, parent))?.part === 'body';
}

function uncasted(e: Expr, parents: readonly Expr[]): { outer: Expr; parent: Expr | undefined; types: TypeRef[] } {
  const types: TypeRef[] = [];
  let outer = e;
  let at = 0;
  for (let parent = parents[at]; parent?.k === 'as'; parent = parents[++at]) {
    outer = parent;
    if (parent.t) types.push(parent.t);
  }
  return { outer, parent: parents[at], types };
}

/** `Request<Params, Answer, Body>`, `FastifyRequest<{ Body: Body }>`. */
function bodyTypeOf(request: TypeRef | undefined): TypeRef | undefined {
  const [first, , third] = request?.args ?? [];
  return third ?? first?.members?.find(({ n }) => n === 'Body')?.t;
}

function walkBody(body: readonly Stmt[], visit: (e: Expr, stmt: Stmt, parents: readonly Expr[]) => void): void {
  const walk = (e: Expr, stmt: Stmt, parents: readonly Expr[]): void => {
    visit(e, stmt, parents);
    eachChild(e, child => walk(child, stmt, [e, ...parents]));
  };
  for (const stmt of body) {
    for (const e of exprsOf(stmt)) walk(e, stmt, []);
    for (const block of blocksOf(stmt)) walkBody(block, visit);
  }
}
