import type { Finding } from '../engine/model/finding.ts';
import type { Change } from '../engine/model/span.ts';
import type { Folder } from './folder.ts';

/** Opening and closing of a comment, by file name; a kind of file without comments cannot be suppressed in place. */
const COMMENTS: readonly (readonly [RegExp, readonly [string, string]])[] = [
  [/\.(?:[mc]?[jt]s|[jt]sx|jsonc|prisma)$/, ['// ', '']],
  [/\.(?:ya?ml|toml|graphqls?|gql)$/, ['# ', '']],
  [/(?:^|\/)(?:Dockerfile|Containerfile)[^/]*$|\.dockerfile$/i, ['# ', '']],
  [/(?:^|\/)\.env[^/]*$/, ['# ', '']],
  [/\.sql$/, ['-- ', '']],
  [/\.(?:md|html?|xml)$/, ['<!-- ', ' -->']],
];

/**
 * A comment on the line above the finding that silences it and says why; undefined where the file has no comments.
 * The comment keeps the line's indentation, so that formatters leave it alone.
 */
export async function suppression(folder: Folder, finding: Finding, reason: string): Promise<Change | undefined> {
  const marks = COMMENTS.find(([pattern]) => pattern.test(finding.span.file))?.[1];
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
