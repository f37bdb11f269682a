import { callsIn, callsWhere } from '../../link/call-index.ts';
import { dependsOnStage } from '../../link/conditions.ts';
import { eachExpr, eachExprIn } from '../../link/env.ts';
import { evaluate } from '../../link/evaluate.ts';
import { perFunction } from '../../link/kept/per-file.ts';
import { perUnit } from '../../link/kept/per-unit.ts';
import { definition } from '../../link/literals.ts';
import type { Model } from '../../link/model.ts';
import { requestPart } from '../../link/request-value.ts';
import { staticEnvOf } from '../../link/signals.ts';
import { alternatives, type Env, spanIn, stringOf, type Value } from '../../link/values.ts';
import { type WrittenOption, writtenOptions } from '../../link/written-options.ts';
import type { Expr, ExprOf, FunctionFact } from '../../model/facts.ts';
import type { Span } from '../../model/span.ts';

/** An option or a call that switches a protection of a library off. */
export interface ProtectionOff {
  readonly name: string;
  readonly span: Span;
  readonly option: WrittenOption | undefined;
  /** What is switched off is for one template that is not in sight: it may be no markup at all. */
  readonly unseen?: boolean;
}

/** Options of template engines, with the value that leaves text as it is. */
const ESCAPING: Readonly<Record<string, boolean>> = { autoescape: false, autoEscape: false, noEscape: true };
const ENGINES =
  /^(?:handlebars|hbs|express-handlebars|nunjucks|eta|swig|swig-templates|squirrelly|ejs|mustache|consolidate|twig)(?:[.#(/]|$)/;

/** Template engines that are told not to escape what is put into HTML. */
export const escapingOff: (model: Model) => ProtectionOff[] = perUnit((model, unit) => {
  const out: ProtectionOff[] = [];
  const { env } = unit;
  for (const [name, off] of Object.entries(ESCAPING))
    for (const option of writtenOptions(unit.facts).get(name) ?? []) {
      const here = model.program.staticEnv(unit, option.fn);
      if (!isConst(evaluate(model.program, here, option.value), off) || !isGivenTo(model, here, option, ENGINES))
        continue;
      if (isForPlainText(option)) continue;
      if (!dependsOnStage(unit, option.fn, option.np[0]))
        out.push({ name, span: spanIn(here, option.np), option, unseen: isOfUnseenTemplate(model, here, option) });
    }
  for (const { used } of autoEscaping(unit.facts)) {
    const { a, f } = used.call;
    const [first] = a;
    if (f.k !== 'mem' || first?.k !== 'bool' || first.v) continue;
    out.push({ name: 'autoEscaping', span: spanIn(env, f.np), option: undefined });
  }
  return out;
});

/** `compile(text, { noEscape: true })`, where nothing tells what the text is. */
function isOfUnseenTemplate({ program }: Model, env: Env, { fn, np }: WrittenOption): boolean {
  let found = false;
  eachExprIn(fn, e => {
    if (e.k !== 'call' || e.f.k !== 'mem' || e.f.n !== 'compile') return;
    const [text, ...others] = e.a;
    if (text && others.some(arg => arg.p[0] <= np[0] && np[1] <= arg.p[1]))
      found ||= stringOf(evaluate(program, env, text)) === undefined;
  });
  return found;
}

/** `{ subject: compile(subject, { noEscape: true }) }`: where nothing is markup, entities would be read as they are. */
function isForPlainText({ fn, np }: WrittenOption): boolean {
  let found = false;
  eachExprIn(fn, e => {
    // `compile(sql, { noEscape: true })`
    if (e.k === 'call' && e.a[0]?.k === 'id' && e.a.some(arg => arg.p[0] <= np[0] && np[1] <= arg.p[1]))
      found ||= PLAIN_TEXT.test(e.a[0].n);
    if (e.k !== 'obj') return;
    for (const prop of e.props)
      if (prop.k === 'prop' && prop.v.p[0] < np[0] && np[1] < prop.v.p[1] && PLAIN_TEXT.test(prop.n)) found = true;
  });
  return found;
}

const PLAIN_TEXT =
  /^(?:text|subject|from|plain(?:_?text)?|txt|sms|title|sql|query|url|path|file_?name|command|prompt)$/i;

const autoEscaping = callsWhere(({ call: { f } }) => f.k === 'mem' && f.n === 'autoEscaping');

const HEADERS = ['contentSecurityPolicy', 'frameguard', 'xFrameOptions', 'hsts', 'strictTransportSecurity', 'noSniff'];
const HELMETS = /^(?:helmet|@fastify\/helmet|koa-helmet|fastify-helmet)(?:[.#(]|$)/;

/** Headers that browsers are protected by and that a ready-made set would send. */
export const headersOff: (model: Model) => ProtectionOff[] = perUnit((model, unit) => {
  const out: ProtectionOff[] = [];
  for (const name of HEADERS)
    for (const option of writtenOptions(unit.facts).get(name) ?? []) {
      const env = model.program.staticEnv(unit, option.fn);
      if (!isConst(evaluate(model.program, env, option.value), false) || !isGivenTo(model, env, option, HELMETS))
        continue;
      if (!dependsOnStage(unit, option.fn, option.np[0])) out.push({ name, span: spanIn(env, option.np), option });
    }
  return out;
});

const YAML = /^js-yaml\.(?:safe)?[lL]oad(?:All)?$/;

/** YAML that may hold functions: a schema with them, or a version that reads them by default. */
export const functionsInYaml: (model: Model) => ProtectionOff[] = perUnit((model, unit) => {
  const out: ProtectionOff[] = [];
  if (unit.facts.dependencies.some(({ module }) => module === 'js-yaml')) {
    for (const fn of unit.facts.functions) {
      for (const { call } of callsIn(fn)) {
        const env = model.program.staticEnv(unit, fn);
        const callee = alternatives(evaluate(model.program, env, call.f)).find(one => one.k === 'api');
        const [text, options] = call.a;
        if (callee?.k !== 'api' || !YAML.test(callee.path) || !text || isWritten(model, env, text)) continue;
        const chosen = options && schemaOf(model, env, options);
        const major = Number.parseInt(/\d+/.exec(model.project.versionOf(unit.path, 'js-yaml') ?? '')?.[0] ?? '', 10);
        const isOld = major < 4 && !callee.path.includes('safe') && !chosen;
        if (isOld || (chosen && readsFunctions(model, env, chosen)))
          out.push({
            name: callee.path.replace('js-yaml.', ''),
            span: spanIn(env, call.f.k === 'mem' ? call.f.np : call.f.p),
            option: undefined,
          });
      }
    }
  }
  return out;
});

function schemaOf({ program }: Model, env: Env, options: Expr): Expr | undefined {
  const { expr } = definition(program, { env, expr: options });
  const schema = expr.k === 'obj' ? expr.props.find(one => one.k === 'prop' && one.n === 'schema') : undefined;
  return schema?.k === 'prop' ? schema.v : undefined;
}

/** `DEFAULT_FULL_SCHEMA`, or the types `all` and `function` of js-yaml-js-types. */
function readsFunctions({ program }: Model, env: Env, schema: Expr): boolean {
  let found = false;
  eachExpr(schema, e => {
    if (e.k !== 'mem') return;
    if (e.n === 'DEFAULT_FULL_SCHEMA') found = true;
    if (e.n !== 'all' && e.n !== 'function') return;
    const value = evaluate(program, env, e);
    if (value.k === 'api' && value.path.startsWith('js-yaml-js-types.')) found = true;
  });
  return found;
}

function isWritten({ program }: Model, env: Env, text: Expr): boolean {
  return evaluate(program, env, text).k === 'const';
}

const IDENTITY =
  /^(?:user|userId|uid|account|accountId|member|isLoggedIn|loggedIn|loggedin|isAuthenticated|authenticated|auth)$/i;
const SIGN_IN = /(?:^|[/_-])(?:login|signin|sign-in|authenticate|session)s?(?:$|[/_?-])/i;

/** Handlers of sign-ins that write who somebody is into the session he came with. */
export function keptSessions(model: Model): ProtectionOff[] {
  const out: ProtectionOff[] = [];
  for (const { func, endpoints } of model.reached.values()) {
    if (!model.isJudged(func.file) || !endpoints.some(({ path }) => SIGN_IN.test(path))) continue;
    const env = staticEnvOf(model.program, func);
    if (renews(env)) continue;
    for (const target of identities(env.unit.facts, func.fn))
      if (requestPart(model.program, evaluate(model.program, env, target.o)) === 'session')
        out.push({ name: target.n, span: spanIn(env, target.p), option: undefined });
  }
  return out;
}

/** Something in the file makes a new session; passport does so by itself. */
function renews({ unit, fn: writer }: Env): boolean {
  if (unit.facts.dependencies.some(({ module }) => module === 'passport')) return true;
  return unit.facts.functions.some(fn =>
    // Whoever signs out elsewhere in the file makes no new session for those who sign in.
    renewals(unit.facts, fn).some(
      ({ n }) => n !== 'destroy' || fn === writer || fn.parent === writer.id || writer.parent === fn.id,
    ),
  );
}

const renewals = perFunction(fn => membersIn(fn, /^(?:regenerate|regenerateSession|renew|cycleId|destroy)$/));

function membersIn(fn: FunctionFact, name: RegExp): ExprOf<'mem'>[] {
  const out: ExprOf<'mem'>[] = [];
  eachExprIn(fn, e => {
    if (e.k === 'mem' && name.test(e.n)) out.push(e);
  });
  return out;
}

/** What is set to say who somebody is. */
const identities = perFunction(fn => {
  const out: ExprOf<'mem'>[] = [];
  eachExprIn(fn, e => {
    if (e.k !== 'assign' || e.op !== '=' || e.l.k !== 'mem' || !IDENTITY.test(e.l.n)) return;
    if (e.r.k !== 'nil' && (e.r.k !== 'bool' || e.r.v)) out.push(e.l);
  });
  return out;
});

function isConst(value: Value, wanted: boolean): boolean {
  return value.k === 'const' && value.v === wanted;
}

/** Whether the object is an argument, or the options beside one, of a call of these libraries. */
function isGivenTo({ program }: Model, env: Env, { object, fn }: WrittenOption, libraries: RegExp): boolean {
  let found = false;
  if (!object) return false;
  eachExprIn(fn, e => {
    if (found || e.k !== 'call' || e.p[0] > object.p[0] || e.p[1] < object.p[1]) return;
    if (!e.a.includes(object)) return;
    found = alternatives(evaluate(program, env, e.f)).some(
      one => one.k === 'api' && libraries.test(program.adapters.canonical(one.path)),
    );
    const [first] = e.a;
    // `app.register(helmet, { … })`
    if (!found && first && first !== object)
      found = alternatives(evaluate(program, env, first)).some(one => one.k === 'api' && libraries.test(one.path));
  });
  return found;
}
