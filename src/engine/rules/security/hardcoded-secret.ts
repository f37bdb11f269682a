import { readFromEnvironment } from '../../fixes/require-env.ts';
import type { Literal } from '../../link/literals.ts';
import type { Span } from '../../model/span.ts';
import { credentialOptions } from '../../queries/security/credential-options.ts';
import { liveEnvFiles, type NamedPlace, namedSecrets } from '../../queries/security/named-secrets.ts';
import { exposedLiterals, isInPlace } from '../../queries/security/secret-uses.ts';
import { settingSecrets } from '../../queries/security/setting-secrets.ts';
import { defineRule, type FixDraft, type ReportOptions } from '../rule.ts';

const FORMATS: Readonly<Record<string, string>> = {
  'private-key': 'private key',
  'url-credentials': 'password in a URL',
};

/** Keys of maps in components of a page are there for browsers to see; whether they are bound to a site cannot be told. */
function gravityOf(file: string, format: string, live: boolean): Pick<ReportOptions, 'severity' | 'confidence'> {
  if (format === 'google-api-key' && /\.[jt]sx$/.test(file)) return { severity: 'warning', confidence: 'medium' };
  return { severity: live ? 'error' : 'info' };
}

export const hardcodedSecret = defineRule({
  meta: {
    id: 'security/hardcoded-secret',
    theme: 'security',
    benefits: ['security'],
    severity: 'error',
    confidence: 'high',
    cwe: [798, 321, 1392],
    owasp: ['A07:2025'],
    fix: 'auto',
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
        report(span, 'format', { data: formatData(format, head, length), ...gravityOf(file, format, live) });
      }
    }
    for (const { use, literal } of exposedLiterals(model)) {
      if (!once(literal.span)) continue;
      const details = { what: use.what, variable: literal.fallbackOf ?? use.variable };
      report(literal.span, literal.fallbackOf === undefined ? 'key' : 'fallback', {
        data: { ...details, shown: shown(literal.text.slice(0, 4), literal.text.length) },
        severity: literal.fallbackOf === undefined ? 'error' : 'warning',
        evidence:
          literal.span.file === use.operation.file && literal.span.start === use.operation.span.start
            ? []
            : [{ span: use.operation.span, message: `used here as ${use.what}` }],
        fixes: isInPlace(literal) ? [fixOf(literal, literal.fallbackOf ?? use.variable)] : [],
        anchor: details.variable,
      });
    }
    for (const { name, literal } of credentialOptions(model)) {
      if (!once(literal.span)) continue;
      const variable = name.replace(/([a-z])([A-Z])/g, '$1_$2').toUpperCase();
      report(literal.span, 'named', {
        data: { name, shown: shown(literal.text.slice(0, 4), literal.text.length) },
        severity: 'warning',
        confidence: 'medium',
        anchor: name,
        fixes: isInPlace(literal) ? [fixOf(literal, variable)] : [],
      });
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
    for (const { name, format, head, length, live, span } of settingSecrets(model)) {
      if (format !== undefined)
        report(span, 'format', {
          data: formatData(format, head, length),
          severity: live ? 'error' : 'info',
          anchor: name,
        });
      else
        report(span, 'named', {
          data: { name, shown: shown(head, length) },
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

function formatData(format: string, head: string, length: number): { format: string; shown: string } {
  return { format: FORMATS[format] ?? format.replaceAll('-', ' '), shown: shown(head, length) };
}

/** Four characters at most, and fewer of what is short. */
function shown(head: string, length: number): string {
  return `${head.slice(0, Math.min(4, Math.floor(length / 3)))}…, ${length} characters`;
}

function fixOf({ span }: Literal, variable: string): FixDraft {
  return {
    title: `Read ${variable} from the environment and stop without it`,
    kind: 'auto',
    change: context => readFromEnvironment(context, span, variable),
  };
}
