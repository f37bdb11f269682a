import { callsIn } from '../../link/call-index.ts';
import type { Endpoint } from '../../link/endpoint.ts';
import { eachExprIn, eachStmt } from '../../link/env.ts';
import { evaluate } from '../../link/evaluate.ts';
import { expressionsWhere } from '../../link/kept/per-file.ts';
import { judgedUnits } from '../../link/kept/per-unit.ts';
import { definition } from '../../link/literals.ts';
import type { Model } from '../../link/model.ts';
import type { Program } from '../../link/program.ts';
import { requestOrigin } from '../../link/request-value.ts';
import { staticEnvOf } from '../../link/signals.ts';
import { type Env, type FuncValue, spanIn, stringOf } from '../../link/values.ts';
import type { Expr, ExprOf } from '../../model/facts.ts';
import type { Span } from '../../model/span.ts';
import { reachedFrom } from '../caller-checks.ts';

/** A callback that trades a code for tokens, whoever began the sign-in. */
export interface UntiedCallback {
  readonly endpoint: Endpoint;
  /** Where the code is used. */
  readonly exchange: Span;
}

/** The grant's own word, and names that libraries give the exchange. */
const GRANT = 'authorization_code';
const EXCHANGES =
  /^(?:getToken|getTokens|exchange\w*|fetchToken\w*|requestToken\w*|code(?:For|To)Token\w*|validateAuthorizationCode)$/;
/** What ties an answer to the browser that asked: a state, a proof key, a nonce. */
const TIES =
  /^_?(?:oauth_?)?(?:state|nonce|pkce|code_?verifier|code_?challenge|csrf\w*)(?:_?(?:cookie|param|token|value|key|store))?$|[a-z](?:State|Nonce|CodeVerifier|Pkce)$|(?:verify|check|validate|decode|parse|consume)\w*State/i;

export function untiedCallbacks(model: Model): UntiedCallback[] {
  const { program } = model;
  return model.endpoints.flatMap((endpoint): UntiedCallback[] => {
    const { method, partial, handler, protocol } = endpoint;
    if (!handler || partial !== undefined || protocol === 'event' || (method !== 'GET' && method !== 'ALL')) return [];
    if (!readsCode(program, handler)) return [];
    const all = reachedFrom(program, handler);
    if (all.some(({ fn }) => speaksOf(fn))) return [];
    const exchange = all.map(func => exchangeIn(program, func)).find(span => span !== undefined);
    return exchange ? [{ endpoint, exchange }] : [];
  });
}

/** `req.query.code`, whole or taken apart. */
function readsCode(program: Program, handler: FuncValue): boolean {
  let env: Env | undefined;
  let found = false;
  const isQuery = (e: Expr): boolean => {
    env ??= staticEnvOf(program, handler);
    return requestOrigin(program, evaluate(program, env, e))?.part === 'query';
  };
  eachExprIn(handler.fn, e => {
    if (e.k === 'mem' && e.n === 'code' && isQuery(e.o)) found = true;
    if (e.k === 'call' && e.a[0]?.k === 'str' && e.a[0].v === 'code' && isQuery(e)) found = true;
  });
  eachStmt(handler.fn.body, stmt => {
    if (stmt.k !== 'let' || stmt.pat.k !== 'pobj' || !stmt.v) return;
    if (stmt.pat.props.some(({ key }) => key === 'code') && isQuery(stmt.v)) found = true;
  });
  return found;
}

/** Whether a function has to do with what ties the answer to the question, under any name. */
function speaksOf(fn: FuncValue['fn']): boolean {
  let found = TIES.test(fn.name);
  const isTie = (name: string): boolean => TIES.test(name);
  eachExprIn(fn, e => {
    if ((e.k === 'id' || e.k === 'mem') && isTie(e.n)) found = true;
    if (e.k === 'str' && isTie(e.v)) found = true;
    if (e.k === 'obj' && e.props.some(prop => prop.k === 'prop' && isTie(prop.n))) found = true;
  });
  eachStmt(fn.body, stmt => {
    if (stmt.k === 'let' && stmt.pat.k === 'pobj')
      for (const { key } of stmt.pat.props) if (typeof key === 'string' && isTie(key)) found = true;
  });
  return found;
}

function exchangeIn(program: Program, func: FuncValue): Span | undefined {
  const env = staticEnvOf(program, func);
  let found: Span | undefined;
  eachExprIn(func.fn, e => {
    if (e.k === 'str' && e.v === GRANT) found ??= spanIn(env, e.p);
  });
  for (const { call } of callsIn(func.fn)) {
    const name = call.f.k === 'mem' || call.f.k === 'id' ? call.f.n : '';
    if (!EXCHANGES.test(name) || !call.a.some(arg => isCode(program, env, arg))) continue;
    found ??= spanIn(env, call.f.k === 'mem' ? call.f.np : call.f.p);
  }
  return found;
}

function isCode(program: Program, env: Env, e: Expr): boolean {
  const value = evaluate(program, env, e);
  const origin = requestOrigin(program, value);
  if (origin?.part !== 'query' || value.k !== 'api') return false;
  return origin.names.includes('code') || (value.made?.args ?? []).some(arg => stringOf(arg) === 'code');
}

/** An option that ties accounts of one address together, whoever proved to own it. */
export interface LooseLinking {
  readonly file: string;
  readonly object: ExprOf<'obj'>;
  readonly property: ExprOf<'obj'>['props'][number];
  readonly span: Span;
}

const SIGNS_IN = /^(?:next-auth|@auth)(?:\/|$)/;
const LINKS = 'allowDangerousEmailAccountLinking';
/** Providers that vouch for the addresses they give. */
const VERIFIES = /\/providers\/(?:google|github|gitlab|linkedin|apple)\b/;
const hasLink = (e: Expr | undefined): boolean =>
  e?.k === 'obj' && e.props.some(prop => prop.k === 'prop' && prop.n === LINKS);
const linking = expressionsWhere(['obj'], hasLink);
const providers = expressionsWhere(['call'], e => e.k === 'call' && hasLink(e.a[0]));

export function looseLinkings(model: Model): LooseLinking[] {
  const { program } = model;
  return judgedUnits(model).flatMap(unit => {
    // Forms that let somebody choose the option import nothing of the library.
    if (linking(unit.facts).length === 0 || !unit.facts.imports.some(({ module }) => SIGNS_IN.test(module))) return [];
    const vouched = new Set<Expr | undefined>();
    for (const { fn, e } of providers(unit.facts)) {
      const made = e.k === 'call' ? evaluate(program, program.staticEnv(unit, fn), e.f) : undefined;
      if (e.k === 'call' && made?.k === 'api' && VERIFIES.test(made.path)) vouched.add(e.a[0]);
    }
    return linking(unit.facts).flatMap(({ fn, e: object }): LooseLinking[] => {
      if (vouched.has(object)) return [];
      const property =
        object.k === 'obj' ? object.props.find(prop => prop.k === 'prop' && prop.n === LINKS) : undefined;
      if (object.k !== 'obj' || property?.k !== 'prop') return [];
      const env = program.staticEnv(unit, fn);
      const { expr } = definition(program, { env, expr: property.v });
      return expr.k === 'bool' && expr.v ? [{ file: unit.path, object, property, span: spanIn(env, property.np) }] : [];
    });
  });
}

/** A sign-in strategy of a service with sessions that sends no state along. */
export interface StatelessStrategy {
  readonly file: string;
  readonly options: ExprOf<'obj'>;
  readonly span: Span;
  readonly strategy: string;
}

const STRATEGY =
  /^passport-(?:oauth2|google-oauth20?|github2?|facebook|linkedin-oauth2|discord|gitlab2|microsoft|azure-ad-oauth2|spotify|twitch\w*|slack-oauth2|bitbucket-oauth2)\.(?:OAuth2)?Strategy$/;
const madeStrategies = expressionsWhere(
  ['call'],
  e => e.k === 'call' && e.new === true && e.a.length > 1 && e.a[0]?.k === 'obj',
);

export function statelessStrategies(model: Model): StatelessStrategy[] {
  const { program, endpoints } = model;
  const hasSession = endpoints.some(({ chain }) => chain.some(({ roles }) => roles.includes('session')));
  if (!hasSession) return [];
  return judgedUnits(model).flatMap(unit =>
    madeStrategies(unit.facts).flatMap(({ fn, e }): StatelessStrategy[] => {
      const [options] = e.k === 'call' ? e.a : [];
      if (e.k !== 'call' || options?.k !== 'obj' || options.props.some(prop => prop.k !== 'prop')) return [];
      const env = program.staticEnv(unit, fn);
      const made = evaluate(program, env, e.f);
      const path = made.k === 'api' ? program.adapters.canonical(made.path) : '';
      const names = options.props.flatMap(prop => (prop.k === 'prop' ? [prop.n] : []));
      if (!STRATEGY.test(path) || names.some(name => /^(?:state|store|pkce)$/.test(name))) return [];
      return [{ file: unit.path, options, span: spanIn(env, e.f.p), strategy: path.split('.')[0]! }];
    }),
  );
}
