import { resolve } from 'node:path';
import { applyBaseline, type BaselineEntry } from '../engine/baseline/apply.ts';
import type { FailOn } from '../engine/config/config.ts';
import { CONFIDENCES, type Confidence, type Finding, type Problem, SEVERITIES } from '../engine/model/finding.ts';
import { filesOf, placeFinder, type ReportInput } from '../report/input.ts';
import { type Format, renderReport } from '../report/render.ts';
import { renderTiming } from '../report/timing.ts';
import type { SessionApi } from '../session/api.ts';
import { filesChangedSince } from '../session/git.ts';
import { loadBaseline } from './baseline-file.ts';
import { type Context, folderToRead, readTexts, withSession } from './context.ts';
import { CliError, EXIT, type ExitCode } from './exit.ts';
import { writeWhole } from './files.ts';
import { progressBar } from './progress.ts';
import { knownRules, rootConfig } from './settings.ts';

export interface ScanFlags {
  readonly format: Format;
  readonly output?: string;
  readonly failOn?: FailOn;
  readonly minConfidence?: Confidence;
  readonly rule?: readonly string[];
  readonly trend?: readonly string[];
  readonly since?: string;
  readonly baseline?: string;
  readonly cache: boolean;
  readonly timing?: boolean;
  readonly allFiles?: boolean;
}

/** Scans a folder, writes the report and answers with the exit code it deserves. */
export async function scan(ctx: Context, path: string | undefined, flags: ScanFlags): Promise<ExitCode> {
  const { io } = ctx;
  const root = await folderToRead(ctx, path, flags.output);
  const { cache, allFiles = false, timing = false, rule = [], trend = [], minConfidence } = flags;
  return withSession(ctx, { root, cache, allFiles, ...(minConfidence ? { minConfidence } : {}) }, async session => {
    const rules = session.rules();
    const wanted = knownRules(rule, rules);
    const config = await rootConfig(root, rules);
    const baseline = await loadBaseline({ root, cwd: io.cwd, config }, flags.baseline, true);
    const since = flags.since ?? (typeof config.scope === 'object' ? config.scope.since : undefined);
    const changed = since === undefined ? undefined : await changedFiles(root, since);

    const report = await scanWithProgress(ctx, session);
    const { findings: all, stale } = withBaseline(report.findings, baseline.entries);
    const problems = [...baseline.problems, ...report.problems];
    const findings = all.filter(finding => isSelected(finding, wanted, flags, changed));
    const input: ReportInput = {
      version: ctx.deps.version,
      findings,
      problems,
      stats: report.stats,
      rules,
      placeOf: placeFinder(await readTexts(session, filesOf(findings))),
    };
    await deliver(ctx, renderReport(flags.format, input, { color: ctx.color && !flags.output, timing }), flags.output);

    const isWhole = rule.length + trend.length === 0 && !problems.some(problem => problem.incomplete);
    if (isWhole && stale.length > 0 && !minConfidence) noteStale(ctx, stale);
    if (timing) io.stderr.write(renderTiming(report.stats));
    return exitCode(findings, problems, flags.failOn ?? config.failOn ?? 'error');
  });
}

/** Runs the scan with the bar on stderr. */
export async function scanWithProgress({ io }: Context, session: SessionApi): ReturnType<SessionApi['scan']> {
  const progress = progressBar(io);
  try {
    return await session.scan({ ...(io.signal ? { signal: io.signal } : {}), onProgress: progress.update });
  } finally {
    progress.clear();
  }
}

/** Writes to the file, or to stdout without one. */
export async function deliver({ io }: Context, text: string, output: string | undefined): Promise<void> {
  if (output === undefined) return io.stdout.write(text);
  const file = resolve(io.cwd, output);
  await writeWhole(file, text);
  io.stderr.write(`Report written to ${file}\n`);
}

/** A mistake in a configuration file counts most; findings are certain, so they count more than gaps. */
export function exitCode(findings: readonly Finding[], problems: readonly Problem[], failOn: FailOn): ExitCode {
  if (problems.some(problem => problem.code === 'invalid-config')) return EXIT.usage;
  const worst = failOn === 'never' ? -1 : SEVERITIES.indexOf(failOn);
  if (findings.some(({ severity, suppression }) => !suppression && SEVERITIES.indexOf(severity) <= worst))
    return EXIT.findings;
  return problems.some(problem => problem.incomplete) ? EXIT.incomplete : EXIT.clean;
}

/** The file named here decides alone, whatever baseline the session itself has applied. */
function withBaseline(
  findings: readonly Finding[],
  entries: readonly BaselineEntry[],
): ReturnType<typeof applyBaseline> {
  const bare = findings.map(finding => {
    if (finding.suppression?.kind !== 'baseline') return finding;
    const { suppression: _, ...open } = finding;
    return open;
  });
  return applyBaseline(bare, entries);
}

/** A changed file decides by what it shows and by what it proves: an untouched route may have lost its guard. */
function isSelected(
  { ruleId, theme, benefits, confidence, span, evidence }: Finding,
  wanted: ReadonlySet<string>,
  { trend = [], minConfidence }: ScanFlags,
  changed: ReadonlySet<string> | undefined,
): boolean {
  if (wanted.size > 0 && !wanted.has(ruleId)) return false;
  if (trend.length > 0 && !trend.includes(theme) && !benefits.some(benefit => trend.includes(benefit))) return false;
  if (minConfidence && CONFIDENCES.indexOf(confidence) > CONFIDENCES.indexOf(minConfidence)) return false;
  return !changed || changed.has(span.file) || evidence.some(step => changed.has(step.span.file));
}

async function changedFiles(root: string, since: string): Promise<ReadonlySet<string>> {
  const result = await filesChangedSince(root, since);
  if (!result.ok) throw new CliError(`--since: ${result.reason}`);
  return result.files;
}

function noteStale({ io }: Context, stale: readonly BaselineEntry[]): void {
  const files = [...new Set(stale.map(entry => entry.file))].slice(0, 5).join(', ');
  const [what, them] =
    stale.length === 1 ? ['1 baseline entry is', 'it'] : [`${stale.length} baseline entries are`, 'them'];
  io.stderr.write(`${what} no longer needed (${files}); "underpin baseline prune" drops ${them}.\n`);
}
