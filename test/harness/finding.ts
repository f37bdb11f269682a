import type { FindingDraft } from '../../src/engine/findings/draft.ts';
import type { Finding } from '../../src/engine/model/finding.ts';
import type { Span } from '../../src/engine/model/span.ts';

/** The span of the first occurrence of `words` in `text`. */
export function spanOf(file: string, text: string, words: string): Span {
  const start = text.indexOf(words);
  if (start < 0) throw new Error(`"${words}" does not occur in ${file}`);
  return { file, start, end: start + words.length };
}

/** A finding with plain values where a test does not care. */
export function findingWith(over: Partial<Finding> & Pick<Finding, 'span'>): Finding {
  const { suppression: _, ...draft } = draftWith(over);
  const { anchor: __, ...finding } = draft;
  return { ...finding, fingerprint: '00000000000000aa', ...over };
}

/** A draft with plain values where a test does not care. */
export function draftWith(over: Partial<FindingDraft> & Pick<FindingDraft, 'span'>): FindingDraft {
  return {
    ruleId: 'security/missing-auth',
    message: 'POST /orders is open to everyone.',
    severity: 'warning',
    confidence: 'high',
    theme: 'security',
    benefits: ['security'],
    cwe: [306],
    owasp: ['API2:2023'],
    evidence: [],
    fixes: [],
    anchor: 'POST /orders',
    ...over,
  };
}
