import type { Change, NewFile, TextEdit } from '../engine/model/span.ts';
import type { Draft } from './answer.ts';
import type { DenyList } from './deny.ts';
import { PLACEHOLDER } from './redact.ts';

const MAX_EDITS = 30;
const MAX_NEW_FILES = 6;
/** Kinds of file a draft may create; nothing that an editor, a shell or a package manager runs by itself. */
const CREATABLE = /\.(?:[cm]?[jt]sx?|json|jsonc|ya?ml|md|sql|graphql|gql|prisma)$/i;
const NOT_CREATABLE =
  /(?:^|\/)(?:\.|node_modules\/)|(?:^|\/)(?:package(?:-lock)?\.json|pnpm-workspace\.yaml|pnpm-lock\.yaml)$/i;

export interface EditContext {
  /** Files the model has seen. */
  readonly files: readonly string[];
  readonly deny: DenyList;
  readonly text: (file: string) => Promise<string | undefined>;
}

export type Conversion = { readonly change: Change } | { readonly reasons: readonly string[] };

/** Turns a draft into edits by offset on the current texts, or says why it cannot; never half of it. */
export async function toChange(draft: Draft, context: EditContext): Promise<Conversion> {
  const reasons: string[] = [];
  if (draft.edits.length > MAX_EDITS) reasons.push(`The draft has more than ${MAX_EDITS} edits.`);
  if (draft.newFiles.length > MAX_NEW_FILES) reasons.push(`The draft creates more than ${MAX_NEW_FILES} files.`);
  if (reasons.length > 0) return { reasons };

  const edits: TextEdit[] = [];
  for (const [index, edit] of draft.edits.entries()) {
    const result = await toEdit(edit, context);
    if (typeof result === 'string') reasons.push(`Edit ${index + 1}: ${result}`);
    else if (result) edits.push(result);
  }
  if (overlaps(edits)) reasons.push('Two edits touch the same text.');

  const newFiles: NewFile[] = [];
  for (const file of draft.newFiles) {
    const reason = await refuseFile(file, context);
    if (reason) reasons.push(`New file ${index(draft.newFiles, file)}: ${reason}`);
    else newFiles.push({ file: file.file, text: file.text });
  }
  if (new Set(newFiles.map(({ file }) => file)).size < newFiles.length) reasons.push('A file is created twice.');
  return reasons.length > 0 ? { reasons } : { change: { edits, newFiles } };
}

async function toEdit(
  { file, find, replace }: Draft['edits'][number],
  { files, deny, text }: EditContext,
): Promise<TextEdit | string | undefined> {
  if (!files.includes(file) || deny.isDenied(file)) return 'the file was not part of the question.';
  if (PLACEHOLDER.test(find) || PLACEHOLDER.test(replace)) return 'it touches a line with a redacted secret.';
  if (find.trim() === '') return '"find" is empty.';
  const content = await text(file);
  if (content === undefined) return 'the file is gone.';

  const breaks = content.includes('\r\n') ? '\r\n' : '\n';
  const snippet = withBreaks(find, breaks);
  const start = content.indexOf(snippet);
  if (start < 0) return '"find" does not occur in the file.';
  if (content.indexOf(snippet, start + 1) >= 0) return '"find" occurs more than once in the file.';
  const replacement = withBreaks(replace, breaks);
  if (replacement === snippet) return undefined;
  return { span: { file, start, end: start + snippet.length }, text: replacement };
}

/** Models answer with `\n`; files keep their own line ends. */
function withBreaks(text: string, breaks: string): string {
  return text.replace(/\r\n|\n/g, breaks);
}

function overlaps(edits: readonly TextEdit[]): boolean {
  return edits.some((a, at) =>
    edits
      .slice(at + 1)
      .some(b => a.span.file === b.span.file && a.span.start < b.span.end && b.span.start < a.span.end),
  );
}

async function refuseFile({ file, text }: NewFile, context: EditContext): Promise<string | undefined> {
  if (/^(?:[/\\]|[A-Za-z]:)|\\|(?:^|\/)\.{0,2}(?:\/|$)/.test(file)) return 'its path is not inside the workspace.';
  if (context.deny.isDenied(file) || NOT_CREATABLE.test(file) || !CREATABLE.test(file)) return 'it may not be created.';
  if (PLACEHOLDER.test(text)) return 'it holds a redacted secret.';
  if ((await context.text(file)) !== undefined) return 'it exists already.';
  return undefined;
}

function index(files: readonly NewFile[], file: NewFile): number {
  return files.indexOf(file) + 1;
}
