import { fileRaces, sharedTemporaries } from '../../queries/security/temporary-files.ts';
import { defineRule } from '../rule.ts';

export const insecureTempFile = defineRule({
  meta: {
    id: 'security/insecure-temp-file',
    theme: 'security',
    benefits: ['security', 'data-management'],
    severity: 'warning',
    confidence: 'medium',
    cwe: [377, 379, 367],
    owasp: ['A01:2025'],
    fix: 'guide',
    messages: {
      shared:
        'Everyone on the machine may write to this folder and knows the name, and can put a link to another file there.',
      guessable:
        'Everyone on the machine may write to this folder, and a name of Math.random can be worked out by who saw others.',
      race: 'Between the check and this call another program can put another file there.',
    },
  },

  check(model, report) {
    const told = new Set<string>();
    for (const { operation, check } of fileRaces(model)) {
      told.add(`${operation.file}:${operation.callSpan.start}`);
      report(operation.span, 'race', {
        evidence: [{ span: check.span, message: 'checked here' }],
        anchor: operation.callee,
      });
    }
    for (const { operation, span, guessable } of sharedTemporaries(model))
      if (!told.has(`${operation.file}:${operation.callSpan.start}`))
        report(span, guessable ? 'guessable' : 'shared', {
          anchor: operation.callee,
          severity: guessable ? 'info' : 'warning',
        });
  },
});
