/** A place as the language server protocol counts it: both from zero, `character` in UTF-16 units. */
export interface Position {
  readonly line: number;
  readonly character: number;
}

export interface LineIndex {
  readonly lineCount: number;
  /** Offsets outside the text are moved to its nearest end. */
  positionAt(offset: number): Position;
  /** A character beyond the end of its line means that end; a line beyond the last means the end of the text. */
  offsetAt(position: Position): number;
  /** Offsets of a line without its line break; the line is counted from zero and must exist. */
  lineRange(line: number): { readonly start: number; readonly end: number };
}

/** Line breaks are CRLF, LF and lone CR, as in the language server protocol. */
export function lineIndex(text: string): LineIndex {
  const starts = lineStarts(text);
  const startOf = (line: number): number => starts[line] ?? text.length;

  function lineRange(line: number): { start: number; end: number } {
    const start = startOf(line);
    let end = startOf(line + 1);
    if (line + 1 < starts.length) {
      if (text[end - 1] === '\n') end--;
      if (end > start && text[end - 1] === '\r') end--;
    }
    return { start, end };
  }

  return {
    lineCount: starts.length,
    positionAt(offset) {
      const at = Math.max(0, Math.min(offset, text.length));
      let low = 0;
      let high = starts.length - 1;
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if (startOf(middle) <= at) low = middle;
        else high = middle - 1;
      }
      return { line: low, character: at - startOf(low) };
    },
    offsetAt({ line, character }) {
      if (line < 0) return 0;
      if (line >= starts.length) return text.length;
      const { start, end } = lineRange(line);
      return Math.min(start + Math.max(0, character), end);
    },
    lineRange,
  };
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 10 || (code === 13 && text.charCodeAt(at + 1) !== 10)) starts.push(at + 1);
  }
  return starts;
}
