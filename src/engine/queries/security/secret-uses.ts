import { isRequiredElsewhere, operationDependsOnStage } from '../../link/conditions.ts';
import { type Literal, literalsOf, optionPlace, type Place } from '../../link/literals.ts';
import type { Model } from '../../link/model.ts';
import type { Operation } from '../../link/operations.ts';
import { schemaDefault } from './schema-defaults.ts';

/** A place where the program needs a secret, whatever the secret looks like. */
export interface SecretUse {
  /** What the secret is for: `signs tokens`. */
  readonly what: string;
  /** Name of the environment variable it should come from. */
  readonly variable: string;
  readonly operation: Operation;
  readonly literals: readonly Literal[];
}

interface Position {
  readonly what: string;
  readonly variable: string;
  /** Names of the argument and, below it, of the option. */
  readonly path: readonly [string, ...string[]];
}

const TOKENS = { what: 'the key of tokens', variable: 'JWT_SECRET' } as const;
const SESSIONS = { what: 'the secret of sessions', variable: 'SESSION_SECRET' } as const;
const POSITIONS: Readonly<Record<string, readonly Position[]>> = {
  'jwt-sign': [{ ...TOKENS, path: ['key'] }],
  'jwt-verify': [{ ...TOKENS, path: ['key'] }],
  'jwt-key': [{ ...TOKENS, path: ['key'] }],
  'session-setup': ['secret', 'keys', 'key', 'password'].map(name => ({ ...SESSIONS, path: ['options', name] })),
  hmac: [{ what: 'the key of a signature', variable: 'HMAC_SECRET', path: ['key'] }],
  cipher: [{ what: 'an encryption key', variable: 'ENCRYPTION_KEY', path: ['key'] }],
  'llm-client': [{ what: 'the key of a model provider', variable: 'LLM_API_KEY', path: ['options', 'apiKey'] }],
  'db-client': [{ what: 'a database password', variable: 'DATABASE_PASSWORD', path: ['options', 'password'] }],
  'secret-use': [{ what: 'a secret', variable: 'APP_SECRET', path: ['secret'] }],
};

/** Every use of a secret with the string literals that may become it. */
export function secretUses(model: Model): SecretUse[] {
  const out: SecretUse[] = [];
  for (const [kind, positions] of Object.entries(POSITIONS)) {
    for (const operation of model.operations(kind as Operation['kind'])) {
      for (const { what, variable, path } of positions) {
        const [name, ...options] = path;
        const arg = operation.args[name];
        if (!arg) continue;
        const start: Place = { env: arg.env, expr: arg.expr };
        const place = options.length ? optionPlace(model.program, start, ...options) : start;
        if (!place) continue;
        const written = literalsOf(model.program, place);
        const missing = written.length ? undefined : schemaDefault(model.program, place);
        const literals = missing ? [missing] : written;
        const stated = operation.is['what'];
        if (literals.length)
          out.push({ what: typeof stated === 'string' ? `a ${stated}` : what, variable, operation, literals });
      }
    }
  }
  return out;
}

/** Literals that become secrets in production too, without those that a provider's format gives away already. */
export function exposedLiterals(model: Model): { readonly use: SecretUse; readonly literal: Literal }[] {
  return secretUses(model).flatMap(use =>
    use.literals
      .filter(literal => isSecret(literal) && !holdsFormat(model, literal) && !isSafe(use, literal))
      .filter(literal => model.isJudged(literal.span.file))
      .map(literal => ({ use, literal })),
  );
}

/** Whether the literal is an expression that another can replace; the default of a destructuring is none. */
export function isInPlace({ fallbackOf, span, place: { expr } }: Literal): boolean {
  return !(fallbackOf !== undefined && expr.k === 'str' && expr.p[0] === span.start && expr.p[1] === span.end);
}

function isSecret({ text }: Literal): boolean {
  return text !== '' && !/^-----BEGIN (?:RSA |EC )?(?:PUBLIC KEY|CERTIFICATE)/.test(text);
}

function holdsFormat(model: Model, { place: { env, expr } }: Literal): boolean {
  return (model.project.sources.get(env.unit.path)?.secrets ?? []).some(
    ({ p }) => p[0] >= expr.p[0] && p[1] <= expr.p[1],
  );
}

/** The program does not start with it in production: another line throws, or the place only runs elsewhere. */
function isSafe({ operation }: SecretUse, { fallbackOf, names, place, text }: Literal): boolean {
  // The beginning that all keys of a provider have opens nothing.
  if (/[-_]$/.test(text) && (fallbackOf !== undefined || operation.kind === 'llm-client')) return true;
  if (operationDependsOnStage(operation)) return true;
  const watched = [...names.slice(-1), ...(fallbackOf === undefined ? [] : [fallbackOf])];
  return watched.length > 0 && isRequiredElsewhere(place.env.unit, watched);
}
