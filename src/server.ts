import manifest from '../package.json' with { type: 'json' };
import { openKnowledge } from './knowledge/knowledge.ts';
import { serveStdio } from './lsp/stdio.ts';
import { buildIdOf, readKnowledge, userCacheFolder, workerUrlOf } from './session/build.ts';
import { createSession } from './session/session.ts';

const knowledge = readKnowledge(import.meta.url);
const buildId = buildIdOf(import.meta.url);

serveStdio({
  version: manifest.version,
  knowledge: knowledge ?? openKnowledge({ version: 1, pages: [], search: {} }),
  createSession: ({ root, minConfidence, cacheFolder = userCacheFolder(process.platform, process.env) }) =>
    createSession({
      root,
      useBaseline: true,
      workerUrl: workerUrlOf(import.meta.url),
      ...(minConfidence ? { minConfidence } : {}),
      ...(knowledge ? { knowledge } : {}),
      ...(buildId === undefined ? {} : { buildId, cacheFolder }),
    }),
});
