import { lineIndex } from '../../common/line-index.ts';
import type { Span } from '../model/span.ts';
import { commentStyle } from './comment-style.ts';
import { type CommentRange, scanComments } from './comments.ts';
import { nextCode, throughTemplates } from './next-code.ts';

const MARK = 'underpin-ignore';
const DIRECTIVE = /^(?:\/\/+|\/\*+|<!--|--+|#+)[\s*!]*underpin-ignore(?![\w-]):?/;
const CLOSING = /\s*(?:\*\/|-->)$/;

/** One `underpin-ignore` comment as plain data, so that it can be kept with the facts of its file. */
export interface SuppressionComment {
  /** The whole comment. */
  readonly span: Span;
  readonly rules: readonly { readonly id: string; readonly start: number; readonly end: number }[];
  readonly reason?: string;
  /** Offsets of the lines it speaks for; absent if nothing follows it. */
  readonly target?: { readonly start: number; readonly end: number };
}

/**
 * Reads `// underpin-ignore <rule-id>[, <rule-id>] -- reason` in the comment form of the file's kind. Beside code it
 * speaks for its own line; alone on a line, for the next line of code, past blank lines, comments and decorators.
 * `comments` are the ranges a real parser found; without them a scanner looks for them.
 */
export function readSuppressions(file: string, text: string, comments?: readonly CommentRange[]): SuppressionComment[] {
  if (!text.includes(MARK)) return [];
  const style = commentStyle(file);
  const ranges = comments ?? scanComments(style, text);
  const lines = lineIndex(text);

  return ranges.flatMap(range => {
    const whole = text.slice(range.start, range.end);
    const head = DIRECTIVE.exec(whole)?.[0];
    if (head === undefined) return [];
    const closing = CLOSING.exec(whole)?.[0].length ?? 0;
    const body = whole.slice(head.length, Math.max(head.length, whole.length - closing));
    const [, ids = '', reason = ''] = /^([\s\S]*?)(?:(?<=^|\s)--(?=\s|$)([\s\S]*))?$/.exec(body) ?? [];
    const words = reason.replace(/\s*\n[\s*]*/g, ' ').trim();
    const target = targetOf(range);
    return {
      span: { file, start: range.start, end: range.end },
      rules: Array.from(ids.matchAll(/[^\s,]+/g), match => {
        const start = range.start + head.length + match.index;
        return { id: match[0], start, end: start + match[0].length };
      }),
      ...(words === '' ? {} : { reason: words }),
      ...(target ? { target } : {}),
    };
  });

  function targetOf(range: CommentRange): { start: number; end: number } | undefined {
    const first = lines.lineRange(lines.positionAt(range.start).line);
    const last = lines.lineRange(lines.positionAt(range.end).line);
    const before = text.slice(first.start, range.start);
    const after = text.slice(range.end, last.end);
    const inBraces = before.trim() === '{' && after.trim() === '}';
    if (!inBraces && (hasCode(first.start, range.start, ranges) || hasCode(range.end, last.end, ranges))) {
      return { start: first.start, end: last.end };
    }
    const next = nextCode(text, inBraces ? last.end : range.end, ranges);
    if (!next) return undefined;
    const { end } = lines.lineRange(lines.positionAt(next.end).line);
    return {
      start: lines.lineRange(lines.positionAt(next.start).line).start,
      end: style === 'script' ? throughTemplates(text, next.start, end, ranges) : end,
    };
  }

  function hasCode(start: number, end: number, known: readonly CommentRange[]): boolean {
    let at = start;
    for (const comment of known) {
      if (comment.end <= at || comment.start >= end) continue;
      if (text.slice(at, comment.start).trim() !== '') return true;
      at = comment.end;
    }
    return at < end && text.slice(at, end).trim() !== '';
  }
}
