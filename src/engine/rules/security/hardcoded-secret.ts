import { readFromEnvironment } from '../../fixes/require-env.ts';
import { isRequiredElsewhere, operationDependsOnStage } from '../../link/conditions.ts';
import type { Literal } from '../../link/literals.ts';
import type { Model } from '../../link/model.ts';
import { liveEnvFiles, type NamedPlace, namedSecrets } from '../../link/named-secrets.ts';
import { type SecretUse, secretUses } from '../../link/secret-uses.ts';
import type { Span } from '../../model/span.ts';
import { defineRule, type FixDraft } from '../rule.ts';

const FORMATS: Readonly<Record<string, string>> = {
  'private-key': 'private key',
  'url-credentials': 'password in a URL',
};

export const hardcodedSecret = defineRule({
  meta: {
    id: 'security/hardcoded-secret',
    theme: 'security',
    benefits: ['security'],
    severity: 'error',
    confidence: 'high',
    cwe: [798, 321, 1392],
    owasp: ['A07:2025'],
    fix: 'suggest',
    messages: {
      format: 'A {format} is written into the source ({shown}); whoever reads the repository can use it.',
      key: 'The text {shown} is {what}; whoever reads the repository can forge or read what it protects.',
      fallback: 'Without {variable} the program starts with a secret that everyone can read ({shown}).',
      named: '`{name}` holds a secret in the source ({shown}).',
      file: '`{file}` holds {count}, {name} first.',
    },
  },

  check(model, report) {
    const seen = new Set<string>();
    const once = ({ file, start, end }: Span): boolean => {
      const key = `${file}:${start}`;
      const known = seen.has(key);
      for (const one of [key, `${file}:${end}`]) seen.add(one);
      return !known;
    };
    for (const [file, { secrets, generated }] of model.project.sources) {
      if (generated || !model.isJudged(file)) continue;
      for (const { format, head, length, live, p } of secrets) {
        const span = { file, start: p[0], end: p[1] };
        once(span);
        report(span, 'format', {
          data: { format: FORMATS[format] ?? format.replaceAll('-', ' '), shown: shown(head, length) },
          severity: live ? 'error' : 'info',
        });
      }
    }
    for (const use of secretUses(model)) {
      for (const literal of use.literals) {
        if (!isSecret(literal) || holdsFormat(model, literal)) continue;
        if (isSafe(use, literal) || !model.isJudged(literal.span.file) || !once(literal.span)) continue;
        const details = { what: use.what, variable: literal.fallbackOf ?? use.variable };
        report(literal.span, literal.fallbackOf === undefined ? 'key' : 'fallback', {
          data: { ...details, shown: shown(literal.text.slice(0, 4), literal.text.length) },
          severity: literal.fallbackOf === undefined ? 'error' : 'warning',
          evidence:
            literal.span.file === use.operation.file && literal.span.start === use.operation.span.start
              ? []
              : [{ span: use.operation.span, message: `used here as ${use.what}` }],
          fixes: isPattern(literal) ? [] : [fixOf(literal, literal.fallbackOf ?? use.variable)],
          anchor: details.variable,
        });
      }
    }
    for (const { name, text, span } of namedSecrets(model)) {
      if (!once(span)) continue;
      report(span, 'named', {
        data: { name, shown: shown(text.slice(0, 4), text.length) },
        severity: 'warning',
        confidence: 'medium',
        anchor: name,
      });
    }
    for (const { file, live } of liveEnvFiles(model)) {
      const [first, ...others] = live as [NamedPlace, ...NamedPlace[]];
      report(first.span, 'file', {
        data: {
          file,
          count: others.length ? `${live.length} values that look live` : 'a value that looks live',
          name: first.name,
        },
        severity: 'warning',
        evidence: others.map(({ name, span }) => ({ span, message: `${name} holds another` })),
        anchor: file,
      });
    }
  },
});

/** Four characters at most, and fewer of what is short. */
function shown(head: string, length: number): string {
  return `${head.slice(0, Math.min(4, Math.floor(length / 3)))}…, ${length} characters`;
}

function isSecret({ text }: Literal): boolean {
  return text !== '' && !/^-----BEGIN (?:RSA |EC )?(?:PUBLIC KEY|CERTIFICATE)/.test(text);
}

/** Reported by its format already. */
function holdsFormat(model: Model, { place: { env, expr } }: Literal): boolean {
  return (model.project.sources.get(env.unit.path)?.secrets ?? []).some(
    ({ p }) => p[0] >= expr.p[0] && p[1] <= expr.p[1],
  );
}

/** The program does not start with it in production: another line throws, or the place only runs elsewhere. */
function isSafe({ operation }: SecretUse, { fallbackOf, names, place }: Literal): boolean {
  if (operationDependsOnStage(operation)) return true;
  const watched = [...names.slice(-1), ...(fallbackOf === undefined ? [] : [fallbackOf])];
  return watched.length > 0 && isRequiredElsewhere(place.env.unit, watched);
}

/** The default of a destructuring is no expression of its own. */
function isPattern({ fallbackOf, span, place: { expr } }: Literal): boolean {
  return fallbackOf !== undefined && expr.k === 'str' && expr.p[0] === span.start && expr.p[1] === span.end;
}

function fixOf({ span }: Literal, variable: string): FixDraft {
  return {
    title: `Read ${variable} from the environment and stop without it`,
    kind: 'suggest',
    change: context => readFromEnvironment(context, span, variable),
  };
}
