import { modify } from 'jsonc-parser';
import type { TextEdit } from '../model/span.ts';
import { eolOf } from './document.ts';

/** Sets (or, with undefined, removes) a value of a JSON file by its path; comments and layout of the rest stay. */
export function setJson(
  file: string,
  text: string,
  path: readonly (string | number)[],
  value: unknown,
  options: { readonly insert?: boolean } = {},
): TextEdit[] {
  const tabs = /^\t/m.test(text);
  const edits = modify(text, [...path], value, {
    formattingOptions: {
      insertSpaces: !tabs,
      tabSize: /^( +)"/m.exec(text)?.[1]?.length ?? 2,
      eol: eolOf(text),
    },
    ...(options.insert ? { isArrayInsertion: true } : {}),
  });
  return edits.map(({ offset, length, content }) => ({
    span: { file, start: offset, end: offset + length },
    text: content,
  }));
}
