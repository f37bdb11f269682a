import { edit, quoted } from '../../fixes/source-style.ts';
import type { Severity } from '../../model/finding.ts';
import { type OpenCors, openCors } from '../../queries/security/cors.ts';
import { defineRule, type FixDraft } from '../rule.ts';

const SEVERITY: Readonly<Record<OpenCors['problem'], Severity>> = {
  reflects: 'error',
  null: 'error',
  weak: 'warning',
  useless: 'warning',
};

export const corsCredentialsReflection = defineRule({
  meta: {
    id: 'security/cors-credentials-reflection',
    theme: 'security',
    benefits: ['security'],
    severity: 'error',
    confidence: 'high',
    cwe: [942, 346],
    owasp: ['A02:2025', 'API8:2023'],
    fix: 'suggest',
    messages: {
      reflects:
        'Every website may call this API with the cookies of its visitor: any origin is accepted with credentials.',
      null: 'The origin `null` is accepted with credentials, and any sandboxed frame can send it.',
      weak: 'The origin test {detail} also matches hosts of others, and credentials are allowed.',
      useless: 'Browsers refuse credentials when the allowed origin is `*`, so this cannot work.',
    },
  },

  check(model, report) {
    for (const open of openCors(model)) {
      report(open.span, open.problem, {
        data: { detail: open.detail },
        severity: SEVERITY[open.problem],
        fixes: open.origin && open.problem !== 'weak' ? [fixOf(open)] : [],
        anchor: 'cors',
      });
    }
  },
});

function fixOf({ operation: { file }, origin }: OpenCors): FixDraft {
  return {
    title: 'Allow the origins listed in CORS_ORIGINS only',
    kind: 'suggest',
    change({ text }) {
      const source = text(file);
      if (source === undefined || !origin) return undefined;
      const list = `(process.env.CORS_ORIGINS ?? ${quoted(source, '')}).split(${quoted(source, ',')})`;
      return { edits: [edit(file, origin.p, list)], newFiles: [] };
    },
  };
}
