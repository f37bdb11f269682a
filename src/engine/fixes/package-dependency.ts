import { modify } from 'jsonc-parser';
import type { Project } from '../link/project.ts';
import type { TextEdit } from '../model/span.ts';

/** Declares a dependency in the manifest that a file belongs to; no edits if it is declared or there is no manifest. */
export function addDependency(
  project: Project,
  textOf: (file: string) => string | undefined,
  from: string,
  name: string,
  range: string,
): TextEdit[] {
  const owner = project.packageOf(from);
  const text = owner && textOf(owner.path);
  if (!owner || text === undefined || project.dependsOn(from, name)) return [];
  const tabs = /^\t/m.test(text);
  const edits = modify(text, ['dependencies', name], range, {
    formattingOptions: {
      insertSpaces: !tabs,
      tabSize: /^( +)"/m.exec(text)?.[1]?.length ?? 2,
      eol: text.includes('\r\n') ? '\r\n' : '\n',
    },
    getInsertionIndex: names => names.filter(other => other < name).length,
  });
  return edits.map(({ offset, length, content }) => ({
    span: { file: owner.path, start: offset, end: offset + length },
    text: content,
  }));
}
