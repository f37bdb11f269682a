import { edit } from '../../fixes/source-style.ts';
import { attributeEscapes } from '../../queries/security/attribute-escapes.ts';
import { type PartialReplace, partialReplaces } from '../../queries/security/partial-replaces.ts';
import { defineRule, type FixDraft } from '../rule.ts';

export const incompleteSanitization = defineRule({
  meta: {
    id: 'security/incomplete-sanitization',
    theme: 'security',
    benefits: ['security'],
    severity: 'warning',
    confidence: 'medium',
    cwe: [116, 79, 20],
    owasp: ['A05:2025'],
    fix: 'suggest',
    messages: {
      once: 'Only the first {what} is replaced; every further one passes as it is.',
      backslash:
        '{what} is escaped with a backslash, but a backslash in the text is not, and it undoes the next escape.',
      attribute:
        'Brackets are replaced here, but {quote} is not: a value with one ends the attribute and begins another.',
      again: '{what} is taken out once, and what is left can spell it anew.',
    },
  },

  check(model, report) {
    for (const one of partialReplaces(model))
      report(one.span, one.problem, {
        data: { what: one.what },
        anchor: one.what,
        // A text is broken by it for sure; that somebody gains by that takes more.
        severity: one.problem === 'backslash' ? 'info' : 'warning',
        fixes: one.problem === 'once' ? [everyOne(one)] : [],
      });
    for (const { quote, span } of attributeEscapes(model))
      report(span, 'attribute', { data: { quote: `\`${quote}\`` }, anchor: quote });
  },
});

function everyOne({ call, span }: PartialReplace): FixDraft {
  const [pattern] = call.a;
  return {
    title: 'Replace every one',
    kind: 'suggest',
    change({ text }) {
      const source = text(span.file);
      if (source === undefined || !pattern || call.f.k !== 'mem') return undefined;
      if (pattern.k === 'regex') return { edits: [edit(span.file, [pattern.p[1], pattern.p[1]], 'g')], newFiles: [] };
      return pattern.k === 'str' ? { edits: [edit(span.file, call.f.np, 'replaceAll')], newFiles: [] } : undefined;
    },
  };
}
