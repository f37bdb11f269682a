import { fnv1a64 } from '../../common/hash.ts';
import { type LineIndex, lineIndex } from '../../common/line-index.ts';
import type { Finding } from '../model/finding.ts';
import { compareFindings } from '../model/order.ts';
import type { Span } from '../model/span.ts';
import type { FindingDraft } from './draft.ts';

/** Lines of a span that count; a longer span stands for a whole body, whose later lines may change freely. */
const LINES_THAT_COUNT = 3;
const IGNORE_COMMENT = /(?:\/\/|\/\*|<!--|--|#)\s*underpin-ignore\b.*$/gm;

/**
 * Names each finding by its rule, its place (file, anchor, text of its lines) and its number among equals, so that
 * the name survives moved lines, changed white space and an ignore comment at the end of the line. Names are unique
 * within one call and do not depend on the order of the drafts.
 */
export function withFingerprints(
  drafts: readonly FindingDraft[],
  textOf: (file: string) => string | undefined,
): Finding[] {
  const texts = new Map<string, { text: string; lines: LineIndex } | undefined>();
  const equals = new Map<string, number>();
  const taken = new Set<string>();

  return [...drafts].sort(compareFindings).map(draft => {
    const { anchor, ...finding } = draft;
    const place = JSON.stringify([draft.ruleId, draft.span.file, anchor, normalisedLines(draft.span)]);
    let number = equals.get(place) ?? 0;
    let fingerprint = fnv1a64(`${place}#${number}`);
    // Two places with one hash: the later one moves on to the next number.
    while (taken.has(fingerprint)) fingerprint = fnv1a64(`${place}#${++number}`);
    equals.set(place, number + 1);
    taken.add(fingerprint);
    return { ...finding, fingerprint };
  });

  function normalisedLines({ file, start, end }: Span): string {
    if (!texts.has(file)) {
      const text = textOf(file);
      texts.set(file, text === undefined ? undefined : { text, lines: lineIndex(text) });
    }
    const known = texts.get(file);
    if (!known) return '';
    const first = known.lines.positionAt(start).line;
    const last = Math.min(known.lines.positionAt(Math.max(start, end - 1)).line, first + LINES_THAT_COUNT - 1);
    const lines = known.text.slice(known.lines.lineRange(first).start, known.lines.lineRange(last).end);
    return lines.replace(IGNORE_COMMENT, '').replace(/\s+/g, ' ').trim();
  }
}
