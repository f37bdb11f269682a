import { ts } from './ts.ts';

const KINDS: Readonly<Record<string, ts.ScriptKind>> = {
  ts: ts.ScriptKind.TS,
  mts: ts.ScriptKind.TS,
  cts: ts.ScriptKind.TS,
  tsx: ts.ScriptKind.TSX,
  js: ts.ScriptKind.JSX,
  mjs: ts.ScriptKind.JSX,
  cjs: ts.ScriptKind.JSX,
  jsx: ts.ScriptKind.JSX,
};

export const SOURCE_EXTENSIONS: readonly string[] = Object.keys(KINDS);

/** True for paths the extractor reads as TypeScript or JavaScript. */
export function isSourcePath(path: string): boolean {
  return extensionOf(path) in KINDS;
}

/** Parses one file without parent links; syntax errors are recorded, never thrown. */
export function parse(path: string, text: string): ts.SourceFile {
  const kind = KINDS[extensionOf(path)] ?? ts.ScriptKind.TS;
  return ts.createSourceFile(
    path,
    text,
    { languageVersion: ts.ScriptTarget.Latest, jsDocParsingMode: ts.JSDocParsingMode.ParseNone },
    false,
    kind,
  );
}

/** Offsets at which the parser had to guess. */
export function syntaxErrors(file: ts.SourceFile): readonly number[] {
  const { parseDiagnostics } = file as ts.SourceFile & { readonly parseDiagnostics?: readonly ts.Diagnostic[] };
  return parseDiagnostics?.map(({ start = 0 }) => start) ?? [];
}

function extensionOf(path: string): string {
  return path.slice(path.lastIndexOf('.') + 1).toLowerCase();
}
