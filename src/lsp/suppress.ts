import { type CommentStyle, commentStyle } from '../engine/findings/comment-style.ts';
import type { Finding } from '../engine/model/finding.ts';
import type { Change } from '../engine/model/span.ts';
import type { Folder } from './folder.ts';

const MARKS: Readonly<Record<CommentStyle, readonly [opening: string, closing: string] | undefined>> = {
  script: ['// ', ''],
  hash: ['# ', ''],
  'hash-line': ['# ', ''],
  sql: ['-- ', ''],
  markup: ['<!-- ', ' -->'],
  none: undefined,
};

/**
 * A comment on the line above the finding that silences it and says why; undefined where the file has no comments.
 * The comment keeps the line's indentation, so that formatters leave it alone.
 */
export async function suppression(folder: Folder, finding: Finding, reason: string): Promise<Change | undefined> {
  const marks = isStrictJson(finding.span.file) ? undefined : MARKS[commentStyle(finding.span.file)];
  if (!marks) return undefined;
  const text = (await folder.session.text(finding.span.file)) ?? '';
  const lines = await folder.index(finding.span.file);
  const { start, end } = lines.lineRange(lines.positionAt(finding.span.start).line);
  const indent = /^[ \t]*/.exec(text.slice(start, end))?.[0] ?? '';
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const comment = `${indent}${marks[0]}underpin-ignore ${finding.ruleId} -- ${oneLine(reason)}${marks[1]}${newline}`;
  return { edits: [{ span: { file: finding.span.file, start, end: start }, text: comment }], newFiles: [] };
}

// A reason that closes the comment would turn the rest of it into code.
function oneLine(reason: string): string {
  return reason.replace(/\s+/g, ' ').replaceAll('-->', '').trim();
}

/** Tools read `tsconfig.json` and its kin with comments; npm and most others do not. */
function isStrictJson(file: string): boolean {
  return file.endsWith('.json') && !/(?:^|\/)(?:tsconfig[^/]*|wrangler)\.json$/.test(file);
}
