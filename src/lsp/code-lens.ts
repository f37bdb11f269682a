import type { CodeLens } from 'vscode-languageserver';
import type { Verdict } from '../session/api.ts';
import type { Folders } from './folders.ts';
import { COMMANDS } from './protocol.ts';

const MARKS: Readonly<Record<Verdict, string>> = { yes: '✓', no: '✗', unknown: '?' };

/** One lens above each route of the document: auth · validation · rate limit. */
export async function codeLenses(folders: Folders, uri: string): Promise<CodeLens[]> {
  await folders.ready;
  const place = folders.find(uri);
  if (!place?.folder.settings.codeLens || !place.folder.settings.enable) return [];
  const { folder, file } = place;
  await folder.report();
  const routes = (await folder.session.routes()).filter(({ span }) => span.file === file);
  return Promise.all(
    routes.map(async ({ id, span, verdicts, isPublic }) => {
      const auth = isPublic ? 'public' : `auth ${MARKS[verdicts.auth]}`;
      const title = `${auth} · validation ${MARKS[verdicts.validation]} · rate limit ${MARKS[verdicts.rateLimit]}`;
      const { range } = await folder.place(span);
      return {
        range,
        command: { title, command: COMMANDS.showRoutes, arguments: [{ folder: folder.uri, route: id }] },
      };
    }),
  );
}
