import manifest from '../package.json' with { type: 'json' };
import type { SessionChoice } from './cli/context.ts';
import { main } from './cli/main.ts';
import { type Knowledge, openKnowledge } from './knowledge/knowledge.ts';
import type { SessionApi } from './session/api.ts';
import { buildIdOf, readKnowledge, userCacheFolder, workerUrlOf } from './session/build.ts';

let read: { readonly knowledge: Knowledge | undefined } | undefined;

function knowledge(): Knowledge | undefined {
  read ??= { knowledge: readKnowledge(import.meta.url) };
  return read.knowledge;
}

/** The engine is loaded with the first session, so that `--help` need not wait for it. */
async function createSession({ root, cache, allFiles, minConfidence }: SessionChoice): Promise<SessionApi> {
  const session = await import('./session/session.ts');
  const buildId = cache ? buildIdOf(import.meta.url) : undefined;
  const known = knowledge();
  return session.createSession({
    root,
    allFiles,
    isOnce: true,
    workerUrl: workerUrlOf(import.meta.url),
    ...(minConfidence ? { minConfidence } : {}),
    ...(known ? { knowledge: known } : {}),
    ...(buildId === undefined ? {} : { buildId, cacheFolder: userCacheFolder(process.platform, process.env) }),
  });
}

async function startLanguageServer(): Promise<void> {
  const { serveStdio } = await import('./lsp/stdio.ts');
  const session = await import('./session/session.ts');
  const known = knowledge();
  const buildId = buildIdOf(import.meta.url);
  serveStdio({
    version: manifest.version,
    knowledge: known ?? openKnowledge({ version: 1, pages: [], search: {} }),
    createSession: ({ root, minConfidence, cacheFolder = userCacheFolder(process.platform, process.env) }) =>
      session.createSession({
        root,
        useBaseline: true,
        workerUrl: workerUrlOf(import.meta.url),
        ...(minConfidence ? { minConfidence } : {}),
        ...(known ? { knowledge: known } : {}),
        ...(buildId === undefined ? {} : { buildId, cacheFolder }),
      }),
  });
  // The server ends the process when its client goes away.
  await new Promise<never>(() => undefined);
}

await main(
  {
    version: manifest.version,
    createSession,
    startLanguageServer,
    async page(id) {
      const page = knowledge()?.rule(id) ?? knowledge()?.page(id);
      if (!page) return undefined;
      const { pageMarkdown } = await import('./knowledge/answer.ts');
      return pageMarkdown(page);
    },
    async searchPages(question) {
      const pages = knowledge()?.search(question, 5) ?? [];
      return pages.map(page => `  ${page.kind === 'rule' ? page.id : page.key}  ${page.title}`);
    },
  },
  userCacheFolder(process.platform, process.env),
);
