import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { ScanReport } from './api.ts';

/** What a kept report holds: everything but the timings of this run. */
export type KeptReport = Pick<ScanReport, 'findings' | 'problems'>;

/**
 * The last report of a workspace, kept under a key made of everything it depends on: the build, the options and the
 * content of every file. If any of them differs the report is not used, so a cached answer is the cold one.
 */
export interface ReportCache {
  get(key: string): KeptReport | undefined;
  set(key: string, report: KeptReport): void;
}

export function reportKey(parts: Iterable<string>): string {
  const hash = createHash('sha1');
  for (const part of parts) hash.update(part).update('\0');
  return hash.digest('base64url');
}

export function openReportCache(file: string | undefined): ReportCache {
  return {
    get(key) {
      if (file === undefined) return undefined;
      try {
        const text = readFileSync(file, 'utf8');
        const end = text.indexOf('\n');
        return text.slice(0, end) === key ? (JSON.parse(text.slice(end + 1)) as KeptReport) : undefined;
      } catch {
        return undefined;
      }
    },
    set(key, { findings, problems }) {
      if (file === undefined) return;
      try {
        mkdirSync(dirname(file), { recursive: true });
        const temporary = `${file}.${process.pid}.tmp`;
        writeFileSync(temporary, `${key}\n${JSON.stringify({ findings, problems })}`);
        renameSync(temporary, file);
      } catch {
        // Only costs time.
      }
    },
  };
}
