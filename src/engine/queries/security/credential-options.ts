import { isPlaceholder } from '../../../common/placeholder.ts';
import { dependsOnStage } from '../../link/conditions.ts';
import { eachExprIn } from '../../link/env.ts';
import { evaluate } from '../../link/evaluate.ts';
import { perUnit } from '../../link/kept/per-unit.ts';
import { type Literal, literalsOf } from '../../link/literals.ts';
import type { Model } from '../../link/model.ts';
import { alternatives, type Env } from '../../link/values.ts';
import { type WrittenOption, writtenOptions } from '../../link/written-options.ts';
import type { ExprOf } from '../../model/facts.ts';

/** A credential that is written into the settings of a client. */
export interface CredentialOption {
  readonly name: string;
  readonly literal: Literal;
}

/** Names that hold nothing but secrets of clients, wherever they are written. */
const CREDENTIALS = [
  'secretAccessKey',
  'clientSecret',
  'client_secret',
  'consumerSecret',
  'apiSecret',
  'api_secret',
  'secretOrKey',
  'signingSecret',
  'storageAccessKey',
  'accountKey',
  'webhookSecret',
];
/** Names that hold a secret where somebody connects: in a library's options, or beside a host or a user. */
const WHERE_CONNECTING = [
  'password',
  'pass',
  'passwd',
  'apiKey',
  'api_key',
  'authToken',
  'accessToken',
  'bearer',
  'secret',
];
const BESIDE =
  /^(?:host|hostname|server|port|user|username|database|dbname|db|endpoint|region|account|account_?id|client_?id|access_?key_?id|key_?id|connection_?string|url|uri|base_?url)$/i;
const LOCAL = /^(?:localhost|127\.0\.0\.1|::1|0\.0\.0\.0)$/;

export const credentialOptions: (model: Model) => CredentialOption[] = perUnit((model, unit) => {
  const out: CredentialOption[] = [];
  const options = writtenOptions(unit.facts);
  const add = (name: string, suits: (option: WrittenOption, env: Env) => boolean): void => {
    for (const option of options.get(name) ?? []) {
      const env = model.program.staticEnv(unit, option.fn);
      const [literal, ...others] = literalsOf(model.program, { env, expr: option.value });
      if (!literal || others.length > 0 || literal.fallbackOf !== undefined || isPlaceholder(literal.text)) continue;
      // What such secrets begin with.
      if (/[_-]$/.test(literal.text)) continue;
      if (
        isDevelopment(option) ||
        isNowhere(option) ||
        isDictionary(option) ||
        dependsOnStage(unit, option.fn, option.np[0]) ||
        !suits(option, env)
      )
        continue;
      out.push({ name, literal });
    }
  };
  for (const name of CREDENTIALS) add(name, () => true);
  for (const name of WHERE_CONNECTING) {
    const given = name === 'secret' ? undefined : name;
    add(name, (option, env) => {
      if (!option.object) return false;
      const beside = option.object.props.some(one => one.k === 'prop' && BESIDE.test(one.n));
      return given === undefined ? isGiven(model, env, option) : beside || isGiven(model, env, option);
    });
  }
  return out;
});

/** Among sentences, `password` is what people read beside a field. */
function isDictionary({ object }: WrittenOption): boolean {
  const sentences = object?.props.filter(({ k, v }) => k === 'prop' && v.k === 'str' && /\S \S/.test(v.v));
  return (sentences?.length ?? 0) >= 3;
}

/** Beside a host that cannot exist, by its reserved ending: all of it stands in for what comes later. */
function isNowhere({ object }: WrittenOption): boolean {
  return object?.props.some(({ k, v }) => k === 'prop' && v.k === 'str' && NOWHERE.test(v.v)) === true;
}

const NOWHERE = /^(?:[a-z]+:\/\/)?(?:[\w-]+\.)*(?:invalid|example(?:\.(?:com|org|net))?)(?:[:/]|$)/i;

/** Whether the object is, or is part of, an argument of something that a library made or exports as a constructor. */
function isGiven({ program }: Model, env: Env, { object, fn }: WrittenOption): boolean {
  let found = false;
  eachExprIn(fn, e => {
    if (found || e.k !== 'call' || !object || e.p[0] > object.p[0] || e.p[1] < object.p[1]) return;
    if (!e.a.some(arg => holds(arg, object))) return;
    found = alternatives(evaluate(program, env, e.f)).some(
      one => one.k === 'api' && (e.new === true || connects(one.path)),
    );
  });
  return found;
}

function holds(e: ExprOf<'call'>['a'][number], object: ExprOf<'obj'>, depth = 0): boolean {
  if (e === object) return true;
  return e.k === 'obj' && depth < 2 && e.props.some(prop => holds(prop.v, object, depth + 1));
}

function connects(path: string): boolean {
  return /(?:connect\w*|create(?:Client|Pool|Connection|Transport|er)\w*|client|login\w*|auth|session|register|configure?|init\w*)$/i.test(
    path,
  );
}

/** Settings of a stack on one's own machine. */
function isDevelopment({ object }: WrittenOption): boolean {
  return (
    object?.props.some(
      one => one.k === 'prop' && /^(?:host|hostname|server)$/.test(one.n) && one.v.k === 'str' && LOCAL.test(one.v.v),
    ) ?? false
  );
}
