/** A half-open range of UTF-16 offsets in one file. Files are named by workspace-relative POSIX path. */
export interface Span {
  readonly file: string;
  readonly start: number;
  readonly end: number;
}

/** Orders places by file, then by start: what is shown first must not depend on the order of files. */
export function comparePlaces(a: Span, b: Span): number {
  return (a.file < b.file ? -1 : a.file > b.file ? 1 : 0) || a.start - b.start;
}

/** Whether two spans overlap or stand side by side. */
export function touches(a: Span, b: Span): boolean {
  return a.file === b.file && a.start <= b.end && b.start <= a.end;
}

/** Replaces the text of `span` by `text`; an empty span inserts. */
export interface TextEdit {
  readonly span: Span;
  readonly text: string;
}

/** A file that a change creates; it must not exist yet. */
export interface NewFile {
  readonly file: string;
  readonly text: string;
}

/** Everything one fix changes. Edits of one file never overlap. */
export interface Change {
  readonly edits: readonly TextEdit[];
  readonly newFiles: readonly NewFile[];
}
