import { calleesOf, callsIn, methodOf } from '../link/call-index.ts';
import { pathTo } from '../link/declared.ts';
import type { ChainLink, Endpoint } from '../link/endpoint.ts';
import { bindingsOf, eachChild, eachExpr, eachStmt, envOf, exprsOf, innerFunctions } from '../link/env.ts';
import { evaluate } from '../link/evaluate.ts';
import type { Model } from '../link/model.ts';
import type { Program } from '../link/program.ts';
import { isIdentity, requestOrigin } from '../link/request-value.ts';
import { PERMISSION } from '../link/sign-names.ts';
import { staticEnvOf } from '../link/signals.ts';
import { type Env, type FuncValue, stringOf } from '../link/values.ts';
import type { Expr, FunctionFact } from '../model/facts.ts';
import { headerNames, isTrustedHeader } from './trusted-headers.ts';

const DEPTH = 4;

/** Calls that may decide what a caller may do, whoever wrote them. */
const DECIDES =
  /access|owner|belong|permi(?:t|ssion)|authori[sz]|allow|polic|abilit|privilege|tenant|membership|isAdmin|hasRole|checkRole|guard|^(?:can|cannot|enforce)(?=$|[A-Z])/i;
/** Parameters that hand a function its caller. */
const CALLER =
  /^_?(?:current|auth|authenticated|logged\w*|request|session|acting|req)?_?(?:user|actor|viewer|principal|session|identity|claims|auth|account|caller|tenant|workspace|team|org|organi[sz]ation|project|environment|membership|payload)(?:Id|_id|Context|Info|Data)?$/i;

const CREDENTIAL = /authori[sz]ation|token|cookie|key|session|secret|jwt|signature/i;

/** Tells of endpoints whether anything on their way looks at who is calling, beyond that somebody is. */
export function callerChecks(model: Model): (endpoint: Endpoint) => boolean {
  const { program } = model;
  const own = new Map<FunctionFact, boolean>();
  const looks = (func: FuncValue, root: FuncValue): boolean => {
    let known = own.get(func.fn);
    if (known === undefined) {
      known = looksAtCaller(model, staticEnvOf(program, func), root.fn);
      own.set(func.fn, known);
    }
    return known;
  };
  return ({ handler, chain }) =>
    !handler ||
    reachedFrom(program, handler).some(func => looks(func, handler)) ||
    chain.some(link => looksAtObject(program, link, handler));
}

/** The functions a function may run, itself the first one. */
export function reachedFrom(program: Program, from: FuncValue): FuncValue[] {
  return [...callsFrom(program, from).keys()];
}

/** The same with the functions that each of them runs itself. */
export function callsFrom(program: Program, from: FuncValue): ReadonlyMap<FuncValue, readonly FunctionFact[]> {
  const seen = new Map<FunctionFact, FuncValue>([[from.fn, from]]);
  const out = new Map<FuncValue, FunctionFact[]>();
  let layer = [from];
  for (let depth = 0; depth <= DEPTH && layer.length > 0; depth++) {
    const next: FuncValue[] = [];
    for (const func of layer) {
      const env = staticEnvOf(program, func);
      const runs: FunctionFact[] = [];
      const add = (callee: FuncValue, to: FuncValue[]): void => {
        runs.push(callee.fn);
        if (seen.has(callee.fn)) return;
        seen.set(callee.fn, callee);
        to.push(callee);
      };
      for (const fn of innerFunctions(env.unit.facts, func.fn)) add({ ...func, fn, env }, layer);
      for (const { call } of callsIn(func.fn)) for (const callee of calleesOf(program, env, call)) add(callee, next);
      out.set(func, runs);
    }
    layer = next;
  }
  for (const func of layer) out.set(func, []);
  return out;
}

function looksAtCaller(model: Model, env: Env, root: FunctionFact): boolean {
  const { program } = model;
  let found = false;
  const visit = (e: Expr): void => {
    if (found) return;
    if (e.k === 'call') {
      const name = e.f.k === 'mem' || e.f.k === 'id' ? e.f.n : '';
      if (DECIDES.test(name)) found = true;
      const callee = evaluate(program, env, e.f);
      // What goes into the answer decides nothing, but for what is asked for first.
      if (callee.k === 'api' && program.adapters.response(program.adapters.canonical(callee.path))) {
        visit(e.f);
        for (const arg of e.a)
          eachExpr(arg, one => {
            if (one.k === 'await') visit(one.e);
          });
        return;
      }
    }
    if (e.k === 'mem' && PERMISSION.test(e.n)) found = true;
    if ((e.k === 'id' || e.k === 'mem' || e.k === 'call') && saysCaller(model, env, e, root)) found = true;
    else eachChild(e, visit);
  };
  eachStmt(env.fn.body, stmt => {
    for (const e of exprsOf(stmt)) visit(e);
  });
  return found;
}

function saysCaller(model: Model, env: Env, e: Expr, root: FunctionFact): boolean {
  const { program } = model;
  const value = evaluate(program, env, e);
  if (isTrustedHeader(model, env.unit.path, value)) return true;
  // A header with an id is what its sender says; one with a credential can be verified.
  const header = headerNames(program, value);
  if (header) return header.some(name => CREDENTIAL.test(name));
  if (isIdentity(program, value)) return true;
  if (e.k !== 'id' || (value.k === 'api' && requestOrigin(program, value))) return false;
  return CALLER.test(e.n) && isHandedIn(env, e.n, e.s, root);
}

/** Whether a name stands for something that whoever runs the handler hands it; other functions get it from there. */
function isHandedIn(env: Env, name: string, scope: number, root: FunctionFact): boolean {
  const owner = envOf(env, scope);
  if (owner?.fn !== root || bindingsOf(root).has(name)) return false;
  return owner.fn.params.some(({ pat }) => pathTo(pat, name) !== undefined);
}

/** Whether a step before the handler reads what is asked for: it may check whose it is. */
function looksAtObject(program: Program, { value, via, roles }: ChainLink, handler: FuncValue): boolean {
  if (roles.includes('unknown') || roles.includes('authorizes')) return true;
  const step = value.k === 'class' ? methodOf(program, value, 'canActivate') : value;
  if (step?.k !== 'func' || step.fn === handler.fn || via === 'in the handler') return false;
  return reachedFrom(program, step).some(func => {
    const env = staticEnvOf(program, func);
    let found = false;
    const visit = (e: Expr): void => {
      const part =
        e.k === 'mem' || e.k === 'id' || e.k === 'call'
          ? requestOrigin(program, evaluate(program, env, e))?.part
          : undefined;
      if (part === 'params' || part === 'body' || part === 'query') found = true;
      if (!found) eachChild(e, visit);
    };
    eachStmt(func.fn.body, stmt => {
      for (const e of exprsOf(stmt)) if (!found) visit(e);
    });
    return found;
  });
}

/** The steps that find out who is calling: equal ones are one guard, wherever they are made. */
export function guardsOf({ chain }: Endpoint): (object | string)[] {
  return chain.flatMap(({ value, roles }): (object | string)[] => {
    if (!roles.includes('authenticates')) return [];
    if (value.k === 'func') return [value.fn];
    if (value.k === 'class') return [value.cls];
    return value.k === 'api'
      ? [`${value.path} ${(value.made?.args ?? []).map(arg => stringOf(arg) ?? '').join()}`]
      : [];
  });
}
