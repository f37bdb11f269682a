import { conditionsAt, dependsOnStage } from '../../link/conditions.ts';
import { eachExpr, eachStmt } from '../../link/env.ts';
import { evaluate } from '../../link/evaluate.ts';
import { perUnit } from '../../link/kept/per-unit.ts';
import type { Model } from '../../link/model.ts';
import { alternatives, type Env, spanIn, stringOf, type Value } from '../../link/values.ts';
import { type WrittenOption, writtenOptions } from '../../link/written-options.ts';
import type { Expr, FunctionFact } from '../../model/facts.ts';
import type { Span } from '../../model/span.ts';
import { settingEntries } from './setting-entries.ts';

/** A place that makes TLS connections accept more than they should. */
export interface UncheckedTls {
  readonly problem: 'unchecked' | 'environment' | 'hostname' | 'old';
  /** The option or the variable. */
  readonly name: string;
  readonly value: string;
  readonly span: Span;
  /** Something decides whether the place runs at all. */
  readonly conditional: boolean;
  /** A setting that says so in words decides it: whoever runs the program asks for it. */
  readonly asked: boolean;
  /** Set where the option stands in an object literal of the source. */
  readonly option: WrittenOption | undefined;
}

const VARIABLE = 'NODE_TLS_REJECT_UNAUTHORIZED';
/** Options of Node's TLS and of clients that pass theirs on, with the value that turns the check off. */
const OFF: Readonly<Record<string, boolean>> = {
  rejectUnauthorized: false,
  strictSSL: false,
  sslValidate: false,
  tlsAllowInvalidCertificates: true,
  tlsAllowInvalidHostnames: true,
  tlsInsecure: true,
  trustServerCertificate: true,
  insecureSkipVerify: true,
};
const OLD_VERSION = /^(?:SSLv[23]|TLSv1(?:\.[01])?)$/;
const OLD_PROTOCOL = /^(?:SSLv[23]|TLSv1(?:_1)?)(?:_(?:client|server))?_method$/;

/** Certificate checks that are switched off, and protocol versions that are broken; one stage only does not count. */
export function uncheckedTls(model: Model): UncheckedTls[] {
  const out = uncheckedInCode(model);
  for (const { file, name, value } of settingEntries(model)) {
    if (name.value !== VARIABLE || !value || String(value.value).replace(/^(["'])(.*)\1$/, '$2') !== '0') continue;
    const span = { file, start: name.start, end: value.end };
    out.push({
      problem: 'environment',
      name: VARIABLE,
      value: '0',
      span,
      conditional: false,
      asked: false,
      option: undefined,
    });
  }
  return out;
}

const uncheckedInCode = perUnit((model, unit) => {
  const out: UncheckedTls[] = [];
  const options = writtenOptions(unit.facts);
  const each = (
    name: string,
    judge: (option: WrittenOption, env: Env) => UncheckedTls['problem'] | undefined,
  ): void => {
    for (const option of options.get(name) ?? []) {
      const env = model.program.staticEnv(unit, option.fn);
      const problem = judge(option, env);
      if (!problem || dependsOnStage(unit, option.fn, option.np[0])) continue;
      const value = shown(evaluate(model.program, env, option.value));
      const conditions = conditionsAt(option.fn, option.np[0]);
      const asked = conditions.some(asksForIt) || isCaseOf(option.fn, option.np[0]);
      const conditional = asked || conditions.length > 0;
      out.push({ problem, name, value, span: spanIn(env, option.np), conditional, asked, option });
    }
  };
  for (const [name, off] of Object.entries(OFF))
    each(name, ({ value }, env) => (isAlways(evaluate(model.program, env, value), off) ? 'unchecked' : undefined));
  each(VARIABLE, ({ value, owner }, env) =>
    owner?.k === 'mem' && owner.n === 'env' && isZero(evaluate(model.program, env, value)) ? 'environment' : undefined,
  );
  each('checkServerIdentity', ({ value }) => (answersNothing(value, unit.facts.functions) ? 'hostname' : undefined));
  each('minVersion', ({ value }, env) =>
    OLD_VERSION.test(stringOf(evaluate(model.program, env, value)) ?? '') ? 'old' : undefined,
  );
  each('secureProtocol', ({ value }, env) =>
    OLD_PROTOCOL.test(stringOf(evaluate(model.program, env, value)) ?? '') ? 'old' : undefined,
  );
  return out;
});

/** `mode === 'require'` of `sslMode`, `env.TLS_CHECK === 'false'`: a name for the check, compared with a word for it; or a wish. */
function asksForIt(test: Expr): boolean {
  let names = false;
  let words = false;
  let wishes = false;
  eachExpr(test, e => {
    const name = e.k === 'id' || e.k === 'mem' ? e.n : e.k === 'idx' && e.i.k === 'str' ? e.i.v : '';
    if (e.k === 'id' || e.k === 'mem') names ||= CHECK.test(e.n);
    if (e.k === 'str') {
      words = true;
      names ||= CHECK.test(e.v);
    }
    wishes ||= WISH.test(name);
  });
  return wishes || (names && words);
}

/** A setting whose name says what it does: `allow-self-signed`, `insecureTls`, `skipCertCheck`. */
const WISH =
  /self[-_]?signed|insecure|(?:unsafe|allow|accept|ignore|skip|disable|no)[-_]?(?:invalid|bad|any|all|untrusted)?[-_]?(?:ssl|tls|cert|verif)/i;

const CHECK = /ssl|tls|cert|verif|insecure|reject_?unauth|server_?identity/i;

/** `case 'accept_invalid_certs':` */
function isCaseOf({ body }: FunctionFact, offset: number): boolean {
  let found = false;
  eachStmt(body, stmt => {
    if (stmt.k !== 'switch' || offset < stmt.p[0] || offset >= stmt.p[1]) return;
    for (const { t, body: inner } of stmt.cases)
      if (t?.k === 'str' && CHECK.test(t.v) && inner.some(({ p }) => p[0] <= offset && offset < p[1])) found = true;
  });
  return found;
}

function isAlways(value: Value, wanted: boolean): boolean {
  return alternatives(value).every(one => one.k === 'const' && one.v === wanted);
}

function isZero(value: Value): boolean {
  return value.k === 'const' && (value.v === '0' || value.v === 0);
}

function shown(value: Value): string {
  return value.k === 'const' ? String(value.v) : '';
}

/** A function that returns nothing whatever it is given. */
function answersNothing(e: Expr, functions: Env['unit']['facts']['functions']): boolean {
  const fn = e.k === 'fn' ? functions[e.f] : undefined;
  const [only, ...others] = fn?.body ?? [];
  if (!fn || others.length > 0) return false;
  if (!only) return true;
  return only.k === 'ret' && (!only.e || only.e.k === 'nil' || (only.e.k === 'un' && only.e.op === 'void'));
}
