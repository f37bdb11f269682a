import { basename } from 'node:path';
import { stringify } from 'yaml';
import { openapiDocument, renderOpenapi } from '../report/routes-openapi.ts';
import { problemText } from '../report/words.ts';
import { type Context, folderToRead, withSession } from './context.ts';
import type { ExitCode } from './exit.ts';
import type { QueryFlags } from './queries.ts';
import { readWithProgress } from './routes.ts';
import { deliver, exitCode } from './scan.ts';
import { rootConfig } from './settings.ts';

/** Writes an OpenAPI document of the routes. */
export async function openapi(ctx: Context, path: string | undefined, flags: QueryFlags): Promise<ExitCode> {
  const { allFiles = false, cache, format, output } = flags;
  const root = await folderToRead(ctx, path, output);
  return withSession(ctx, { root, cache, allFiles }, async session => {
    await rootConfig(root, session.rules());
    const problems = await readWithProgress(ctx, session);
    const descriptions = await session.descriptions();
    const title = basename(root);
    const isYaml = format === 'yaml';
    const text = isYaml
      ? stringify(openapiDocument(descriptions, title), { lineWidth: 0 })
      : renderOpenapi(descriptions, title);
    await deliver(ctx, text, output);
    for (const problem of problems) ctx.io.stderr.write(`${problemText(problem)}\n`);
    return exitCode([], problems, 'never');
  });
}
