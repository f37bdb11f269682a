import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { LIVING_HEAP } from '../common/heap.ts';
import type { Measure, Measured } from './bench-measure.ts';
import { root } from './paths.ts';

/**
 * `npm run bench [-- FOLDER …] [--runs N] [--edits N] [--json]`: what a scan costs beside reading, raw-parsing and
 * walking the same sources once. Every measurement is a process of its own, so that its peak memory is its own and no
 * run warms up the next. Milliseconds inside the process, medians over the runs; memory is the peak resident set.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    runs: { type: 'string', default: '3' },
    edits: { type: 'string', default: '60' },
    json: { type: 'boolean', default: false },
  },
});

interface Figures {
  readonly folder: string;
  readonly files: number;
  readonly lines: number;
  readonly baseline: number;
  readonly cold: number;
  readonly cached: number;
  readonly coldRatio: number;
  readonly cachedRatio: number;
  readonly linesPerSecondCold: number;
  readonly linesPerSecondCached: number;
  readonly editMedian: number;
  readonly editP95: number;
  readonly editFlowsP95: number;
  readonly peakMb: { readonly baseline: number; readonly cold: number; readonly cached: number; readonly edit: number };
  readonly phases: Readonly<Record<string, number>>;
  readonly slowestRules: readonly (readonly [rule: string, ms: number])[];
  /** Those that the flow engine took longest in. */
  readonly slowestFunctions: readonly (readonly [place: string, ms: number])[];
  readonly cutFlows: number;
}

function measure(kind: Measure, folder: string, cacheFolder: string): Measured {
  const script = fileURLToPath(new URL('./bench-measure.ts', import.meta.url));
  // Edits are what the language server is for, so they are measured in a process like its own.
  const heap = kind === 'edit' ? LIVING_HEAP : [];
  const child = spawnSync(process.execPath, [...heap, script, kind, folder, cacheFolder, values.edits], {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (child.status !== 0) throw new Error(`measuring ${kind} of ${folder} failed:\n${child.stderr}`);
  return JSON.parse(child.stdout) as Measured;
}

function bench(folder: string): Figures {
  const cacheFolder = mkdtempSync(join(tmpdir(), 'underpin-bench-'));
  const runs: Record<'baseline' | 'cold' | 'cached', Measured[]> = { baseline: [], cold: [], cached: [] };
  try {
    for (let run = 0; run < Number(values.runs); run++) {
      rmSync(cacheFolder, { recursive: true, force: true });
      for (const kind of ['baseline', 'cold', 'cached'] as const) runs[kind].push(measure(kind, folder, cacheFolder));
    }
    const edit = measure('edit', folder, cacheFolder);
    const [base, cold, cached] = [runs.baseline, runs.cold, runs.cached].map(list =>
      median(list.flatMap(one => one.times)),
    );
    const last = runs.cold.at(-1)!;
    const peak = (list: readonly Measured[]): number => Math.max(...list.map(one => one.peakMb));
    return {
      folder,
      files: last.files,
      lines: last.lines,
      baseline: base!,
      cold: cold!,
      cached: cached!,
      coldRatio: cold! / base!,
      cachedRatio: cached! / base!,
      linesPerSecondCold: Math.round((last.lines / cold!) * 1000),
      linesPerSecondCached: Math.round((last.lines / cached!) * 1000),
      editMedian: median(edit.times),
      editP95: quantile(edit.times, 0.95),
      editFlowsP95: quantile(edit.flowTimes, 0.95),
      peakMb: { baseline: peak(runs.baseline), cold: peak(runs.cold), cached: peak(runs.cached), edit: edit.peakMb },
      phases: last.phases,
      slowestRules: Object.entries(last.rules)
        .sort((a, b) => b[1] - a[1])
        .slice(0, 6),
      slowestFunctions: Object.entries(last.functions),
      cutFlows: last.cutFlows,
    };
  } finally {
    rmSync(cacheFolder, { recursive: true, force: true });
  }
}

function median(list: readonly number[]): number {
  return quantile(list, 0.5);
}

function quantile(list: readonly number[], q: number): number {
  const sorted = [...list].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN;
}

function show(figures: Figures): void {
  const ms = (value: number): string => `${value.toFixed(0)} ms`;
  const list = (pairs: readonly (readonly [string, number])[]): string =>
    pairs.map(([name, time]) => `${name} ${ms(time)}`).join(', ');
  const { coldRatio, cachedRatio, linesPerSecondCold, linesPerSecondCached, peakMb } = figures;
  console.log(`${figures.folder}: ${figures.files} files, ${figures.lines} lines of source`);
  console.log(`  read, parse, walk once  ${ms(figures.baseline)}`);
  console.log(`  cold scan    ${ms(figures.cold)}  (${coldRatio.toFixed(2)} ×, ${linesPerSecondCold} lines/s)`);
  console.log(`  cached scan  ${ms(figures.cached)}  (${cachedRatio.toFixed(2)} ×, ${linesPerSecondCached} lines/s)`);
  const flows = `of which flows p95 ${ms(figures.editFlowsP95)}`;
  console.log(`  one edit     median ${ms(figures.editMedian)}, p95 ${ms(figures.editP95)}, ${flows}`);
  console.log(`  peak memory  cold ${peakMb.cold} MB, cached ${peakMb.cached} MB, editing ${peakMb.edit} MB`);
  console.log(`  phases       ${list(Object.entries(figures.phases))}`);
  console.log(`  slow rules   ${list(figures.slowestRules)}`);
  console.log(`  cut flows    ${figures.cutFlows}`);
  console.log('  slowest functions in flows');
  for (const [place, time] of figures.slowestFunctions) console.log(`    ${ms(time)}  ${place}`);
}

function sampleFolders(): string[] {
  const samples = join(root, 'test/projects');
  if (!existsSync(samples)) return [];
  const entries = readdirSync(samples, { withFileTypes: true });
  return entries
    .filter(entry => entry.isDirectory() && !entry.name.endsWith('.expected'))
    .map(entry => join(samples, entry.name));
}

const folders = positionals.length > 0 ? positionals.map(folder => resolve(folder)) : sampleFolders();
if (folders.length === 0) throw new Error('There is nothing to measure: name a folder.');
const all: Figures[] = [];
for (const folder of folders) {
  const figures = bench(folder);
  all.push(figures);
  if (!values.json) show(figures);
}
if (values.json) console.log(JSON.stringify(all, null, 2));
