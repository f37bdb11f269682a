import type { CodeLens } from 'vscode-languageserver';
import type { Span } from '../engine/model/span.ts';
import type { RouteInfo } from '../session/api.ts';
import type { Folders } from './folders.ts';
import { COMMANDS } from './protocol.ts';
import { routeWords } from './verdicts.ts';

/** Routes told above one handler; a handler for more of them is no place to read about each. */
const SHOWN = 3;

/** A lens above each route of the document, and above each handler whose route stands elsewhere. */
export async function codeLenses(folders: Folders, uri: string): Promise<CodeLens[]> {
  await folders.ready;
  const place = folders.find(uri);
  if (!place?.folder.settings.codeLens || !place.folder.settings.enable) return [];
  const { folder, file } = place;
  await folder.report();
  const shown = new Map<number, number>();
  const lenses: CodeLens[] = [];
  for (const route of await folder.session.routes()) {
    for (const span of placesIn(route, file)) {
      const before = shown.get(span.start) ?? 0;
      shown.set(span.start, before + 1);
      if (before >= SHOWN) continue;
      const { range } = await folder.place(span);
      const title = [`${route.method} ${route.path}`, ...routeWords(route)].join(' · ');
      const argument = { folder: folder.uri, route: route.id };
      lenses.push({ range, command: { title, command: COMMANDS.showRoutes, arguments: [argument] } });
    }
  }
  return lenses;
}

function placesIn({ span, handler }: RouteInfo, file: string): readonly Span[] {
  const here = span.file === file ? [span] : [];
  return handler?.file === file && handler.file !== span.file ? [...here, handler] : here;
}
