import { clip, estimateTokens } from './tokens.ts';

/** A line longer than this is data or minified code; its beginning is enough. */
const MAX_LINE = 400;
/** Lines around a piece of evidence; the finding itself may grow to the whole file. */
const EVIDENCE_REACH = 12;
const IMPORT = /^\s*(?:import\b|export\b.*\bfrom\b|(?:const|let|var)\b.*\brequire\s*\()/;
const IMPORTS_WITHIN = 60;

/** A redacted file, and the lines (from 0) that matter in it. */
export interface ExcerptSource {
  readonly file: string;
  readonly lines: readonly string[];
  /** First to last line of the finding, in the finding's file only. */
  readonly finding?: readonly [number, number];
  readonly evidence: readonly number[];
}

interface Candidate {
  readonly source: number;
  readonly line: number;
  /** Smaller comes first. */
  readonly rank: number;
}

export interface Excerpt {
  readonly text: string;
  /** The files that got at least one line. */
  readonly files: readonly string[];
}

/** Text around the finding and its evidence, grown line by line, nearest first, until `budget` tokens are used. */
export function excerpt(sources: readonly ExcerptSource[], budget: number): Excerpt {
  const picked = sources.map(() => new Set<number>());
  let left = budget;
  for (const { source, line } of candidates(sources)) {
    const { lines, file } = sources[source]!;
    const set = picked[source]!;
    if (set.has(line)) continue;
    const gap = set.has(line - 1) || set.has(line + 1) ? 0 : 4;
    const frame = set.size === 0 ? estimateTokens(file) + 12 : 0;
    const cost = estimateTokens(`${lines[line]!.slice(0, MAX_LINE)}\n`) + gap + frame;
    if (cost > left) break;
    left -= cost;
    set.add(line);
  }
  const shown = sources.filter((_, index) => picked[index]!.size > 0);
  return {
    text: shown.map(source => render(source, picked[sources.indexOf(source)]!)).join('\n\n'),
    files: shown.map(({ file }) => file),
  };
}

function candidates(sources: readonly ExcerptSource[]): Candidate[] {
  const all: Candidate[] = [];
  sources.forEach(({ lines, finding, evidence }, source) => {
    for (let line = 0; line < lines.length; line++) {
      const toFinding = finding ? distance(line, finding) : Number.POSITIVE_INFINITY;
      const toEvidence = Math.min(...evidence.map(place => Math.abs(place - line)), Number.POSITIVE_INFINITY);
      let rank = toFinding;
      if (toEvidence <= EVIDENCE_REACH) rank = Math.min(rank, toEvidence + 0.5);
      if (finding && line < IMPORTS_WITHIN && IMPORT.test(lines[line]!)) rank = Math.min(rank, 2.5);
      if (rank < Number.POSITIVE_INFINITY) all.push({ source, line, rank });
    }
  });
  return all.sort((a, b) => a.rank - b.rank);
}

function distance(line: number, [first, last]: readonly [number, number]): number {
  return line < first ? first - line : Math.max(0, line - last);
}

function render({ file, lines }: ExcerptSource, picked: ReadonlySet<number>): string {
  const text: string[] = [];
  let previous = -1;
  for (const line of [...picked].sort((a, b) => a - b)) {
    if (line !== previous + 1) text.push('[…]');
    text.push(clip(lines[line]!, MAX_LINE));
    previous = line;
  }
  if (previous !== lines.length - 1) text.push('[…]');
  return `File ${file}:\n${fence(text.join('\n'))}`;
}

/** Fences text so that no fence inside it can end the block. */
export function fence(text: string): string {
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map(run => run.length));
  const mark = '`'.repeat(longest + 1);
  return `${mark}\n${text}\n${mark}`;
}
