import { isAbsolute, relative, resolve } from 'node:path';
import { lineIndex } from '../common/line-index.ts';
import { toPosixPath } from '../common/path.ts';
import { renderRule } from '../report/rules.ts';
import type { RuleInfo } from '../session/api.ts';
import { type Context, withSession } from './context.ts';
import { CliError, EXIT, type ExitCode } from './exit.ts';
import { folderAt } from './files.ts';
import { scanWithProgress } from './scan.ts';
import { knownRules, ruleIds } from './settings.ts';

const PLACE = /^(?<file>.+?):(?<line>\d+)(?::(?<column>\d+))?$/;

/**
 * Explains a rule, what is known at `FILE:LINE[:COLUMN]`, or why a rule (`silent`) reports nothing there; the file is
 * looked up from `cwd`, below the folder.
 */
export async function explain(
  ctx: Context,
  target: string,
  path: string | undefined,
  silent?: string,
): Promise<ExitCode> {
  const { io, deps } = ctx;
  const place = PLACE.exec(target)?.groups;
  const root = await folderAt(io.cwd, path);
  return withSession(ctx, { root, cache: true, allFiles: true }, async session => {
    if (silent !== undefined) knownRules([silent], session.rules());
    if (!place && silent !== undefined) throw new CliError(`--not needs a place such as src/app.ts:12, not ${target}.`);
    if (!place) {
      const page = await deps.page(target);
      if (!page) await assertRule(ctx, target, session.rules());
      const rule = session.rules().find(known => known.id === target);
      io.stdout.write(rule ? renderRule(rule, page) : `${page ?? `${target} is about ignore comments themselves.`}\n`);
      return EXIT.clean;
    }
    const file = fileIn(root, path === undefined ? io.cwd : root, place['file'] ?? '');
    await scanWithProgress(ctx, session);
    const text = await session.text(file);
    if (text === undefined) throw new CliError(`${file} does not exist in ${root}.`);
    const lines = lineIndex(text);
    const line = Number(place['line']) - 1;
    if (line < 0 || line >= lines.lineCount) throw new CliError(`${file} has ${lines.lineCount} lines.`);
    const { start, end } = lines.lineRange(line);
    const indent = text.slice(start, end).search(/\S|$/);
    const character = place['column'] === undefined ? indent : Number(place['column']) - 1;
    const offset = lines.offsetAt({ line, character });
    const answer =
      silent === undefined
        ? await session.explain(file, offset)
        : ((await session.whyNot(silent, file, offset)) ?? `${silent} is about ignore comments themselves.`);
    io.stdout.write(answer.endsWith('\n') ? answer : `${answer}\n`);
    return EXIT.clean;
  });
}

/** Ends the command unless there is such a rule, with what the words may have meant. */
async function assertRule({ deps }: Context, target: string, rules: readonly RuleInfo[]): Promise<void> {
  if (/\.[\w]+$|\\/.test(target)) throw new CliError(`Name a line of the file, such as ${target}:12, or a rule.`);
  const pages = ruleIds(rules).has(target) ? [] : await deps.searchPages(target);
  if (pages.length === 0) return void knownRules([target], rules);
  throw new CliError(`There is no rule or page "${target}"; these are close to it:\n${pages.join('\n')}`);
}

/** Workspace path of a file given with slashes of either platform. */
function fileIn(root: string, from: string, given: string): string {
  const path = relative(root, resolve(from, isAbsolute(given) ? given : given.replaceAll('\\', '/')));
  if (path.startsWith('..') || isAbsolute(path)) throw new CliError(`${given} is not below ${root}.`);
  return toPosixPath(path);
}
