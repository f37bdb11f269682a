import type { Connection } from 'vscode-languageserver';
import { toFixView } from './fixes.ts';
import type { Folders } from './folders.ts';
import { COMMANDS, type FixView } from './protocol.ts';
import { toFile } from './uris.ts';

/** Commands the server runs for clients that do not know Underpin. */
export const SERVER_COMMANDS: string[] = [COMMANDS.fixAllOfRule];

export function registerCommands(connection: Connection, folders: Folders): void {
  connection.onExecuteCommand(async ({ command, arguments: [argument] = [] }) => {
    if (command !== COMMANDS.fixAllOfRule || !isFixAll(argument)) return null;
    await folders.ready;
    const fix = await fixAll(folders, argument);
    if (!fix) return null;
    return (await connection.workspace.applyEdit({ label: fix.title, edit: fix.edit })).applied;
  });
}

/** One change for every automatic fix of the rule, in the file or in all folders. */
export async function fixAll(
  folders: Folders,
  { ruleId, uri }: { ruleId: string; uri?: string },
): Promise<FixView | null> {
  const place = uri === undefined ? undefined : folders.find(uri);
  if (uri !== undefined && !place) return null;
  const views: FixView[] = [];
  for (const folder of place ? [place.folder] : folders.all()) {
    await folder.report();
    const file = uri === undefined ? undefined : toFile(folder.uri, uri);
    const fix = await folder.session.fixAll(ruleId, file === undefined ? undefined : [file]);
    if (fix) views.push(await toFixView(folder, fix));
  }
  const [first] = views;
  if (!first) return null;
  const documentChanges = views.flatMap(({ edit }) => edit.documentChanges ?? []);
  return { ...first, edit: { ...first.edit, documentChanges } };
}

function isFixAll(value: unknown): value is { ruleId: string; uri?: string } {
  return typeof value === 'object' && value !== null && 'ruleId' in value && typeof value.ruleId === 'string';
}
