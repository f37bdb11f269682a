import fs from 'node:fs/promises';
import path from 'node:path';
import { createBaseline } from '../engine/baseline/edit.ts';
import { writeBaseline } from '../engine/baseline/file.ts';
import type { Finding } from '../engine/model/finding.ts';
import type { Span } from '../engine/model/span.ts';
import { filesOf, placeFinder, type ReportInput } from '../report/input.ts';
import { renderReport } from '../report/render.ts';
import type { ScanStats } from '../session/api.ts';
import type { Folder } from './folder.ts';
import type { ReportFormat } from './protocol.ts';
import { baselineFile } from './root-config.ts';
import { nameOf, toUri } from './uris.ts';

const FILE_NAMES: Readonly<Record<ReportFormat, string>> = {
  markdown: 'underpin-report.md',
  html: 'underpin-report.html',
  json: 'underpin-report.json',
  sarif: 'underpin-report.sarif',
  junit: 'underpin-report.xml',
  text: 'underpin-report.txt',
};

/** One report of all folders; where there are several, each path begins with its folder's name. */
export async function writeReport(
  version: string,
  folders: readonly Folder[],
  format: ReportFormat,
): Promise<{ text: string; fileName: string }> {
  const texts = new Map<string, string>();
  const inputs = await Promise.all(
    folders.map(async folder => {
      const { findings, problems, stats } = await folder.report();
      const prefix = folders.length > 1 ? `${nameOf(folder.uri)}/` : '';
      for (const file of filesOf(findings)) {
        const text = await folder.session.text(file);
        if (text !== undefined) texts.set(prefix + file, text);
      }
      return {
        findings: findings.map(finding => move(finding, prefix)),
        problems: problems.map(each => (each.file === undefined ? each : { ...each, file: prefix + each.file })),
        stats,
        rules: folder.session.rules(),
      };
    }),
  );
  const input: ReportInput = {
    version,
    findings: inputs.flatMap(({ findings }) => findings),
    problems: inputs.flatMap(({ problems }) => problems),
    stats: inputs.map(({ stats }) => stats).reduce(add, NOTHING),
    rules: inputs[0]?.rules ?? [],
    placeOf: placeFinder(file => texts.get(file)),
  };
  return { text: renderReport(format, input), fileName: FILE_NAMES[format] };
}

/** Accepts all that is open in the folder and tells where that is written. */
export async function acceptFindings(folder: Folder): Promise<{ uri: string; entries: number }> {
  const { findings } = await folder.report();
  const { entries } = createBaseline(findings);
  const file = await baselineFile(folder.session);
  await fs.writeFile(path.join(folder.session.root, file), writeBaseline(entries));
  folder.change([{ file }]);
  return { uri: toUri(folder.uri, file), entries: entries.length };
}

const NOTHING: ScanStats = { files: 0, lines: 0, bytes: 0, cachedFiles: 0, phases: {}, rules: {} };

function add(a: ScanStats, b: ScanStats): ScanStats {
  return {
    files: a.files + b.files,
    lines: a.lines + b.lines,
    bytes: a.bytes + b.bytes,
    cachedFiles: a.cachedFiles + b.cachedFiles,
    phases: sum(a.phases, b.phases),
    rules: sum(a.rules, b.rules),
  };
}

function sum(a: Readonly<Record<string, number>>, b: Readonly<Record<string, number>>): Record<string, number> {
  const result = { ...a };
  for (const [key, value] of Object.entries(b)) result[key] = (result[key] ?? 0) + value;
  return result;
}

function move(finding: Finding, prefix: string): Finding {
  if (prefix === '') return finding;
  const moved = (span: Span): Span => ({ ...span, file: prefix + span.file });
  return {
    ...finding,
    span: moved(finding.span),
    evidence: finding.evidence.map(each => ({ ...each, span: moved(each.span) })),
  };
}
