import { type CancellationToken, type Connection, LSPErrorCodes, ResponseError } from 'vscode-languageserver';
import type { Knowledge } from '../knowledge/knowledge.ts';
import type { Ai } from './ai.ts';
import { fixAll } from './commands.ts';
import { fixesOf, toFixView } from './fixes.ts';
import type { Folder } from './folder.ts';
import type { Folders } from './folders.ts';
import { readPage } from './pages.ts';
import type { FindingRef, ServerRequests } from './protocol.ts';
import { allFindings, allRoutes, allTrends, scanAll, timings } from './queries.ts';
import { acceptFindings, writeReport } from './reports.ts';
import { suppression } from './suppress.ts';
import { teachingOf } from './teach.ts';

export interface RequestsContext {
  readonly connection: Connection;
  readonly folders: Folders;
  readonly knowledge: Knowledge;
  readonly ai: Ai;
  readonly version: string;
  /** After a folder's findings were changed by a request. */
  readonly refresh: (folder: Folder) => void;
}

/** Serves `underpin/*`. */
export function registerRequests(ctx: RequestsContext): void {
  const { connection, folders, knowledge, ai } = ctx;

  function on<Method extends keyof ServerRequests>(
    method: Method,
    handle: (
      params: ServerRequests[Method]['params'],
      signal: AbortSignal,
    ) => Promise<ServerRequests[Method]['result']>,
  ): void {
    connection.onRequest<unknown, void>(
      method,
      async (params: ServerRequests[Method]['params'], token: CancellationToken) => {
        try {
          await folders.ready;
          return await handle(params, toSignal(token));
        } catch (error) {
          if (error instanceof Error && error.name === 'AbortError') {
            return new ResponseError(LSPErrorCodes.RequestCancelled, 'Cancelled.');
          }
          throw error;
        }
      },
    );
  }

  const folderOf = ({ folder }: FindingRef): Folder => {
    const known = folders.get(folder);
    if (!known) throw new ResponseError(LSPErrorCodes.RequestFailed, 'The folder of this finding is no longer open.');
    return known;
  };

  on('underpin/scan', ({ fresh }) => scanAll(folders, fresh));
  on('underpin/findings', () => allFindings(folders, knowledge));
  on('underpin/routes', () => allRoutes(folders));
  on('underpin/trends', () => allTrends(folders, knowledge));
  on('underpin/rules', async () => folders.all()[0]?.session.rules() ?? []);
  on('underpin/timings', () => timings(folders));
  on('underpin/page', async ({ id }) => readPage(knowledge, id));
  on('underpin/report', ({ format }) => writeReport(ctx.version, folders.all(), format));

  on('underpin/fixes', async ref => {
    const folder = folderOf(ref);
    const fixes = await fixesOf(folder, ref.fingerprint);
    return Promise.all(fixes.map(fix => toFixView(folder, fix)));
  });

  on('underpin/fixAll', params => fixAll(folders, params));

  on('underpin/verify', async ({ edit, ...ref }) => {
    const folder = folderOf(ref);
    return folder.session.verify(ref.fingerprint, await folder.toChange(edit));
  });

  on('underpin/suppress', async ({ reason, ...ref }) => {
    const folder = folderOf(ref);
    const finding = await folder.finding(ref.fingerprint);
    const change = finding && (await suppression(folder, finding, reason));
    return change ? folder.toEdit(change) : null;
  });

  on('underpin/teach', async ({ folder: uri, route: id, key, name }) => {
    const folder = folders.get(uri);
    await folder?.report();
    const route = (await folder?.session.routes())?.find(each => each.id === id);
    if (!folder || !route) throw new ResponseError(LSPErrorCodes.RequestFailed, 'This route is gone; scan again.');
    const teaching = teachingOf(route, key, name);
    const change = teaching && (await folder.session.teach(teaching));
    return change ? folder.toEdit(change) : null;
  });

  on('underpin/explain', async ({ uri, range }) => {
    const place = folders.find(uri);
    if (!place) return 'This file is not part of an open workspace folder.';
    const { folder, file } = place;
    await folder.report();
    return folder.session.explain(file, (await folder.index(file)).offsetAt(range.start));
  });

  on('underpin/createBaseline', async () => {
    const written = [];
    for (const folder of folders.all()) {
      written.push(await acceptFindings(folder));
      ctx.refresh(folder);
    }
    return written;
  });

  on('underpin/ai/test', (settings, signal) => ai.test(settings, signal));
  on('underpin/ai/suggest', async ({ progress, ...ref }, signal) => {
    const folder = folderOf(ref);
    const finding = await folder.finding(ref.fingerprint);
    if (!finding) throw new ResponseError(LSPErrorCodes.RequestFailed, 'This finding is gone; scan again.');
    const report = (message: string): void => {
      void connection.sendNotification('underpin/ai/progress', { progress, message });
    };
    return ai.suggest(folder, finding, report, signal);
  });
}

function toSignal(token: CancellationToken): AbortSignal {
  const controller = new AbortController();
  if (token.isCancellationRequested) controller.abort();
  token.onCancellationRequested(() => controller.abort());
  return controller.signal;
}
