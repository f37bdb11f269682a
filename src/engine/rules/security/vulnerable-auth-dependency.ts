import { type KnownBypass, knownBypasses } from '../../queries/security/known-bypasses.ts';
import { defineRule, type FixDraft } from '../rule.ts';

export const vulnerableAuthDependency = defineRule({
  meta: {
    id: 'security/vulnerable-auth-dependency',
    theme: 'security',
    benefits: ['security'],
    severity: 'error',
    confidence: 'high',
    cwe: [1395, 1104],
    owasp: ['A03:2025'],
    fix: 'suggest',
    messages: {
      mended: '{name} {version} has {advisory}: {why}. It is mended in {fixed}.',
      broken: '{name} has {advisory}: {why}. No version mends it.',
    },
  },

  check(model, report) {
    for (const found of knownBypasses(model)) {
      const { name, version, fixed, advisory, why, mild, span, evidence } = found;
      report(span, fixed ? 'mended' : 'broken', {
        data: { name, version, advisory, why, fixed: fixed ?? '' },
        evidence,
        severity: mild ? 'warning' : 'error',
        fixes: fixed ? [raise(found, fixed)] : [],
        anchor: name,
      });
    }
  },
});

/** The manifest's edit alone: what is installed is for people to change. */
function raise({ name, span }: KnownBypass, fixed: string): FixDraft {
  return {
    title: `Require ${name} ${fixed}`,
    kind: 'suggest',
    change({ text }) {
      const written = text(span.file)?.slice(span.start, span.end);
      const quote = written?.[0] === '"' ? '"' : '';
      return written === undefined ? undefined : { edits: [{ span, text: `${quote}^${fixed}${quote}` }], newFiles: [] };
    },
  };
}
