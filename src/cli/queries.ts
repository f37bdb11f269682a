import { placeFinder } from '../report/input.ts';
import { renderRulesJson, renderRulesTable } from '../report/rules.ts';
import { filesOfTrends, renderTrends, renderTrendsJson } from '../report/trends.ts';
import { problemText } from '../report/words.ts';
import type { SessionApi } from '../session/api.ts';
import { type Context, folderToRead, readTexts, withSession } from './context.ts';
import { EXIT, type ExitCode } from './exit.ts';
import { deliver, exitCode, scanWithProgress } from './scan.ts';
import { rootConfig } from './settings.ts';

export interface QueryFlags {
  readonly format: string;
  readonly output?: string;
  readonly cache: boolean;
  readonly allFiles?: boolean;
}

/** Prints where a backend stands with each trend and benefit. */
export async function trends(ctx: Context, path: string | undefined, flags: QueryFlags): Promise<ExitCode> {
  return query(ctx, path, flags, async session => {
    const list = await session.trends();
    const placeOf = placeFinder(await readTexts(session, filesOfTrends(list)));
    if (flags.format === 'json') return renderTrendsJson(list, placeOf);
    return renderTrends(list, placeOf, { color: ctx.color && !flags.output });
  });
}

export async function rules(ctx: Context, flags: { readonly format: string }): Promise<ExitCode> {
  return withSession(ctx, { root: ctx.io.cwd, cache: false, allFiles: false }, async session => {
    const list = session.rules();
    ctx.io.stdout.write(flags.format === 'json' ? renderRulesJson(list) : renderRulesTable(list));
    return EXIT.clean;
  });
}

/** Scans, renders and delivers; findings do not matter for the exit code, gaps and mistakes do. */
async function query(
  ctx: Context,
  path: string | undefined,
  { cache, allFiles = false, output }: QueryFlags,
  render: (session: SessionApi) => Promise<string>,
): Promise<ExitCode> {
  const root = await folderToRead(ctx, path, output);
  return withSession(ctx, { root, cache, allFiles }, async session => {
    await rootConfig(root, session.rules());
    const { problems } = await scanWithProgress(ctx, session);
    await deliver(ctx, await render(session), output);
    for (const problem of problems) ctx.io.stderr.write(`${problemText(problem)}\n`);
    return exitCode([], problems, 'never');
  });
}
