import { methodOf } from '../link/call-index.ts';
import type { Endpoint } from '../link/endpoint.ts';
import { eachExprIn, innerFunctions } from '../link/env.ts';
import { evaluate } from '../link/evaluate.ts';
import type { Program } from '../link/program.ts';
import { requestOrigin } from '../link/request-value.ts';
import { isCredentialName } from '../link/sign-names.ts';
import { staticEnvOf } from '../link/signals.ts';
import { type Env, type FuncValue, numberOf, type Value } from '../link/values.ts';

/** Status codes a handler answers with, as written in it; empty where it leaves that to the framework. */
export function answeredStatuses(program: Program, { handler }: Endpoint): readonly number[] {
  if (!handler) return [];
  const found = new Set<number>();
  for (const { decorators } of membersOf(program, handler))
    for (const { e } of decorators ?? [])
      if (e.k === 'call' && e.f.k === 'id' && e.f.n === 'HttpCode' && e.a[0])
        note(found, evaluate(program, handler.env, e.a[0]));
  eachEnv(program, handler, env =>
    eachExprIn(env.fn, e => {
      if (e.k !== 'call' || e.f.k !== 'mem') return;
      if (/^(?:status|code|sendStatus|writeHead)$/.test(e.f.n) && e.a[0]) note(found, evaluate(program, env, e.a[0]));
      // Hono: `c.json(body, 201)`.
      if (/^(?:json|text|html|body)$/.test(e.f.n) && e.a[1]) note(found, evaluate(program, env, e.a[1]));
    }),
  );
  return [...found].sort((a, b) => a - b);
}

function note(found: Set<number>, value: Value): void {
  const status = numberOf(value);
  if (status !== undefined && Number.isInteger(status) && status >= 100 && status <= 599) found.add(status);
}

function membersOf(program: Program, { file, fn }: FuncValue) {
  const facts = program.project.sources.get(file);
  return facts?.classes.flatMap(cls => cls.members).filter(member => member.f === fn.id) ?? [];
}

/** What a caller shows to be let in. */
export type Credential =
  | { readonly kind: 'bearer' }
  | { readonly kind: 'cookie'; readonly name: string }
  | { readonly kind: 'header'; readonly name: string };

/** The credential that the route's guard reads; a bearer token where the guard is a library's. */
export function credentialOf(program: Program, { chain }: Endpoint): Credential | undefined {
  const guard = chain.find(link => link.roles.includes('authenticates'));
  if (!guard) return undefined;
  const func = guardFunction(program, guard.value);
  if (!func) return { kind: 'bearer' };
  let found: Credential | undefined;
  eachEnv(program, func, env =>
    eachExprIn(env.fn, e => {
      if (e.k !== 'mem' && e.k !== 'idx' && e.k !== 'call') return;
      const origin = requestOrigin(program, evaluate(program, env, e));
      const name = origin?.names.find(one => !READING.test(one));
      if (name === undefined || /^authorization$/i.test(name)) return;
      if (origin?.part === 'cookies') found ??= { kind: 'cookie', name };
      if (origin?.part === 'session') found ??= { kind: 'cookie', name: 'session' };
      if (origin?.part === 'headers' && isCredentialName(name) && /^[\w-]+$/.test(name))
        found ??= { kind: 'header', name };
    }),
  );
  return found ?? { kind: 'bearer' };
}

const READING =
  /^(?:at|find|get(?:All)?|has|headers?|cookies?|replace|slice|split|startsWith|toLowerCase|toString|trim|value)$/;

function guardFunction(program: Program, value: Value): FuncValue | undefined {
  if (value.k === 'func') return value;
  const cls = value.k === 'class' ? value : value.k === 'instance' ? value.of : undefined;
  return cls && methodOf(program, cls, 'canActivate');
}

function eachEnv(program: Program, func: FuncValue, visit: (env: Env) => void): void {
  const walk = (env: Env): void => {
    visit(env);
    for (const inner of innerFunctions(env.unit.facts, env.fn)) walk(program.staticEnv(env.unit, inner));
  };
  walk(staticEnvOf(program, func));
}
