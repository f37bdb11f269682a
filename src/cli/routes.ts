import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Problem } from '../engine/model/finding.ts';
import { type PlaceFinder, placeFinder } from '../report/input.ts';
import { filesOfRoutes, renderRoutesJson, renderRoutesTable } from '../report/routes.ts';
import { renderRoutesCsv } from '../report/routes-csv.ts';
import { diffRoutes, renderDiff, renderDiffJson } from '../report/routes-diff.ts';
import { renderRoutesHttp } from '../report/routes-http.ts';
import { renderOpenapi } from '../report/routes-openapi.ts';
import { renderWhy } from '../report/routes-why.ts';
import { problemText } from '../report/words.ts';
import type { RouteInfo, SessionApi } from '../session/api.ts';
import { forkPoint } from '../session/git.ts';
import { writeTree } from '../session/git-tree.ts';
import { type Context, folderToRead, readTexts, withSession } from './context.ts';
import { CliError, type ExitCode } from './exit.ts';
import { progressBar } from './progress.ts';
import type { QueryFlags } from './queries.ts';
import { routesAt } from './route-match.ts';
import { deliver, exitCode } from './scan.ts';
import { rootConfig } from './settings.ts';

export const ROUTE_FORMATS = ['table', 'json', 'csv', 'openapi', 'http'] as const;

export interface RouteFlags extends QueryFlags {
  readonly format: (typeof ROUTE_FORMATS)[number];
  /** Method and path, then perhaps the folder: a list takes all words that follow it. */
  readonly why?: readonly string[];
  readonly diff?: string;
}

interface Known {
  readonly routes: readonly RouteInfo[];
  readonly problems: readonly Problem[];
  readonly placeOf: PlaceFinder;
}

/** Prints what the routes of a folder ask of their callers, why one is judged as it is, or what a branch changed. */
export async function routes(ctx: Context, path: string | undefined, flags: RouteFlags): Promise<ExitCode> {
  const { why, diff, allFiles = false, cache, output } = flags;
  const [method, routePath, folder] = wordsOf(why);
  if (why && (method === undefined || routePath === undefined))
    throw new CliError('--why needs a method and a path, such as --why POST /orders.');
  if (why && diff !== undefined) throw new CliError('Either --why or --diff, not both.');
  const root = await folderToRead(ctx, path ?? folder, output);
  return withSession(ctx, { root, cache, allFiles }, async session => {
    await rootConfig(root, session.rules());
    const now = await known(ctx, session);
    const text =
      flags.format === 'openapi'
        ? renderOpenapi(await session.descriptions(), basename(root))
        : await rendered(ctx, root, now, flags);
    await deliver(ctx, text, output);
    for (const problem of now.problems) ctx.io.stderr.write(`${problemText(problem)}\n`);
    return exitCode([], now.problems, 'never');
  });
}

async function rendered(ctx: Context, root: string, now: Known, flags: RouteFlags): Promise<string> {
  const [method, routePath] = wordsOf(flags.why);
  if (method !== undefined && routePath !== undefined) return explained(now, method, routePath, flags.format);
  return flags.diff === undefined ? render(now, flags.format) : compared(ctx, root, now, flags.diff, flags);
}

function wordsOf(why: readonly string[] | undefined): readonly string[] {
  const [first = '', ...others] = why ?? [];
  return [...first.split(/\s+/).filter(word => word !== ''), ...others];
}

/** Reads the folder with the bar on stderr; no rule runs. */
export async function readWithProgress({ io }: Context, session: SessionApi): Promise<readonly Problem[]> {
  const progress = progressBar(io);
  try {
    const { problems } = await session.read({
      ...(io.signal ? { signal: io.signal } : {}),
      onProgress: progress.update,
    });
    return problems;
  } finally {
    progress.clear();
  }
}

async function known(ctx: Context, session: SessionApi): Promise<Known> {
  const problems = await readWithProgress(ctx, session);
  const list = await session.routes();
  return { routes: list, problems, placeOf: placeFinder(await readTexts(session, filesOfRoutes(list))) };
}

function render({ routes: list, placeOf }: Known, format: RouteFlags['format']): string {
  switch (format) {
    case 'json':
      return renderRoutesJson(list, placeOf);
    case 'csv':
      return renderRoutesCsv(list, placeOf);
    case 'http':
      return renderRoutesHttp(list, placeOf);
    default:
      return renderRoutesTable(list, placeOf);
  }
}

function explained(now: Known, method: string, path: string, format: RouteFlags['format']): string {
  const found = routesAt(now.routes, method, path);
  if (found.length === 0) {
    const near = now.routes.filter(route => routesAt([route], route.method, path).length > 0);
    const hint = near.length > 0 ? ` There is ${near.map(route => `${route.method} ${route.path}`).join(', ')}.` : '';
    throw new CliError(`No route ${method.toUpperCase()} ${path} was found.${hint}`);
  }
  if (format === 'json') return renderRoutesJson(found, now.placeOf);
  return found.map(route => renderWhy(route, now.placeOf)).join('\n');
}

/** The older state is read from a copy of what git stores, which no setting of the repository can change. */
async function compared(
  ctx: Context,
  root: string,
  now: Known,
  ref: string,
  { format, allFiles = false }: RouteFlags,
): Promise<string> {
  const base = await forkPoint(root, ref);
  if (!base.ok) throw new CliError(base.reason);
  const target = await mkdtemp(join(tmpdir(), 'underpin-diff-'));
  try {
    await writeTree(root, base.commit, target);
    const before = await withSession(ctx, { root: target, cache: false, allFiles }, session => known(ctx, session));
    const changes = diffRoutes(before.routes, now.routes);
    const placeOf = { before: before.placeOf, after: now.placeOf };
    return format === 'json' ? renderDiffJson(changes, placeOf) : renderDiff(changes, placeOf);
  } finally {
    await rm(target, { recursive: true, force: true });
  }
}
