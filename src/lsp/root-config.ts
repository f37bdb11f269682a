import { applyBaseline } from '../engine/baseline/apply.ts';
import { BASELINE_FILE, readBaseline } from '../engine/baseline/file.ts';
import { CONFIG_FILE, type Config } from '../engine/config/config.ts';
import { outerConfigs } from '../session/above.ts';
import type { ScanReport, SessionApi } from '../session/api.ts';
import { readConfigs } from '../session/configs.ts';

/** The configuration that holds at the folder's root; one with mistakes counts as empty, the session reports them. */
export async function rootConfig(session: SessionApi): Promise<Config> {
  const text = await session.text(CONFIG_FILE);
  const configs = new Map(text === undefined ? [] : [[CONFIG_FILE, text]]);
  return readConfigs({ configs, outerConfigs: outerConfigs(session.root) }).lookup.configOf('');
}

export async function baselineFile(session: SessionApi): Promise<string> {
  return (await rootConfig(session)).baseline ?? BASELINE_FILE;
}

/** The report with what the baseline accepts marked as suppressed. */
export async function withBaseline(session: SessionApi, report: ScanReport): Promise<ScanReport> {
  const file = await baselineFile(session);
  const text = await session.text(file);
  if (text === undefined) return report;
  const { entries, problems } = readBaseline(file, text);
  const { findings } = applyBaseline(report.findings, entries);
  return { ...report, findings, problems: [...report.problems, ...problems] };
}
