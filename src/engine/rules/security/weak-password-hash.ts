import { hashSlowly } from '../../fixes/password-hash.ts';
import { edit } from '../../fixes/source-style.ts';
import { plainComparisons, type WeakHash, weakHashes } from '../../queries/security/passwords.ts';
import { defineRule, type FixDraft } from '../rule.ts';

export const weakPasswordHash = defineRule({
  meta: {
    id: 'security/weak-password-hash',
    theme: 'security',
    benefits: ['security'],
    severity: 'error',
    confidence: 'high',
    cwe: [916, 759, 328],
    owasp: ['A04:2025'],
    fix: 'auto',
    messages: {
      fast: 'A password is hashed with {algorithm}, which a stolen table gives away at billions of guesses a second.',
      cost: '{algorithm} is set to {given}, below the {wanted} that hold off guessing today.',
      plain: 'The password is compared as it is stored, so `{name}` holds it in the clear.',
    },
  },

  check(model, report) {
    const all = weakHashes(model);
    for (const weak of all) {
      const { operation, problem, algorithm, given = '', wanted = '' } = weak;
      report(operation.span, problem, {
        data: { algorithm, given, wanted },
        severity: problem === 'cost' ? 'warning' : 'error',
        fixes: problem === 'fast' ? hashSlowly(model, weak, all) : algorithm === 'bcrypt' ? [raise(weak)] : [],
      });
    }
    for (const { span, name } of plainComparisons(model))
      report(span, 'plain', { data: { name }, confidence: 'medium' });
  },
});

function raise({ operation: { file, args } }: WeakHash): FixDraft {
  return {
    title: 'Use 12 rounds',
    kind: 'auto',
    change() {
      const cost = args['cost'];
      return cost?.expr.k === 'num' ? { edits: [edit(file, cost.expr.p, '12')], newFiles: [] } : undefined;
    },
  };
}
