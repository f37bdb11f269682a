import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { isSourcePath, parse } from '../engine/syntax/parse.ts';
import { ts } from '../engine/syntax/ts.ts';
import { discover } from '../session/discover.ts';
import { createSession } from '../session/session.ts';
import { root } from './paths.ts';

/**
 * `npm run bench [-- FOLDER …] [--runs N] [--edits N] [--json]`: what a scan costs, side by side in one process with
 * reading, raw-parsing and walking the same files once. Times are milliseconds, medians over the runs; memory is the
 * peak resident set in megabytes. Default: the sample projects of this repository.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    runs: { type: 'string', default: '3' },
    edits: { type: 'string', default: '20' },
    json: { type: 'boolean', default: false },
  },
});
const RUNS = Number(values.runs);
const EDITS = Number(values.edits);

interface Figures {
  readonly folder: string;
  readonly files: number;
  readonly lines: number;
  /** Read, raw parse and one walk of all sources. */
  readonly baseline: number;
  readonly cold: number;
  readonly cached: number;
  readonly editMedian: number;
  readonly editP95: number;
  readonly peakMb: number;
  readonly coldRatio: number;
  readonly cachedRatio: number;
  readonly linesPerSecondCold: number;
  readonly slowestRules: readonly (readonly [rule: string, ms: number])[];
}

function baseline(folder: string): number {
  const started = performance.now();
  let nodes = 0;
  const visit = (node: ts.Node): void => {
    nodes++;
    ts.forEachChild(node, visit);
  };
  for (const { path } of discover(folder).files)
    if (isSourcePath(path)) visit(parse(path, readFileSync(join(folder, path), 'utf8')));
  if (nodes < 0) throw new Error('unreachable');
  return performance.now() - started;
}

async function bench(folder: string): Promise<Figures> {
  const cacheFolder = mkdtempSync(join(tmpdir(), 'underpin-bench-'));
  const workerUrl = new URL('../worker.ts', import.meta.url);
  const times = { baseline: [] as number[], cold: [] as number[], cached: [] as number[] };
  let lines = 0;
  let files = 0;
  let slowest: Figures['slowestRules'] = [];
  try {
    for (let run = 0; run < RUNS; run++) {
      times.baseline.push(baseline(folder));
      rmSync(cacheFolder, { recursive: true, force: true });
      const cold = createSession({ root: folder, cacheFolder, workerUrl });
      const started = performance.now();
      const report = await cold.scan();
      times.cold.push(performance.now() - started);
      cold.dispose();
      ({ lines, files } = report.stats);
      slowest = Object.entries(report.stats.rules)
        .sort((a, b) => b[1] - a[1])
        .slice(0, 5);
      const cached = createSession({ root: folder, cacheFolder, workerUrl });
      const again = performance.now();
      await cached.scan();
      times.cached.push(performance.now() - again);
      cached.dispose();
    }
    const edits = await timeEdits(folder, cacheFolder);
    const [base, cold, cached] = [median(times.baseline), median(times.cold), median(times.cached)];
    return {
      folder,
      files,
      lines,
      baseline: base,
      cold,
      cached,
      editMedian: median(edits),
      editP95: quantile(edits, 0.95),
      peakMb: Math.round(process.resourceUsage().maxRSS / 1024),
      coldRatio: cold / base,
      cachedRatio: cached / base,
      linesPerSecondCold: Math.round((lines / cold) * 1000),
      slowestRules: slowest,
    };
  } finally {
    rmSync(cacheFolder, { recursive: true, force: true });
  }
}

/** A statement typed into one function after the other, spread over the workspace. */
async function timeEdits(folder: string, cacheFolder: string): Promise<number[]> {
  const session = createSession({ root: folder, cacheFolder });
  await session.routes();
  const sources = discover(folder).files.filter(
    ({ path, bytes }) => isSourcePath(path) && bytes > 500 && !/test|spec|\.d\.ts$/.test(path),
  );
  const times: number[] = [];
  for (let edit = 0; edit < EDITS && sources.length > 0; edit++) {
    const { path } = sources[Math.floor((edit / EDITS) * sources.length)]!;
    const text = readFileSync(join(folder, path), 'utf8');
    const at = text.indexOf('{\n', text.indexOf('=>') + 1);
    if (at === -1) continue;
    const edited = `${text.slice(0, at + 2)}  const typed${edit} = ${edit};\n${text.slice(at + 2)}`;
    session.applyChanges([{ file: path, text: edited }]);
    const started = performance.now();
    await session.scan();
    times.push(performance.now() - started);
  }
  session.dispose();
  return times;
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
  console.log(`${figures.folder}: ${figures.files} files, ${figures.lines} lines`);
  console.log(`  read, parse, walk once  ${ms(figures.baseline)}`);
  console.log(
    `  cold scan               ${ms(figures.cold)}  (${figures.coldRatio.toFixed(2)} ×, ${figures.linesPerSecondCold} lines/s)`,
  );
  console.log(`  cached scan             ${ms(figures.cached)}  (${figures.cachedRatio.toFixed(2)} ×)`);
  console.log(`  one edit                median ${ms(figures.editMedian)}, p95 ${ms(figures.editP95)}`);
  console.log(`  peak memory             ${figures.peakMb} MB`);
  console.log(
    `  slowest rules           ${figures.slowestRules.map(([rule, time]) => `${rule} ${ms(time)}`).join(', ')}`,
  );
}

const samples = join(root, 'test/projects');
const folders =
  positionals.length > 0
    ? positionals.map(folder => resolve(folder))
    : existsSync(samples)
      ? readdirSync(samples, { withFileTypes: true })
          .filter(entry => entry.isDirectory() && !entry.name.endsWith('.expected'))
          .map(entry => join(samples, entry.name))
      : [];
if (folders.length === 0) throw new Error('There is nothing to measure: name a folder.');
const all: Figures[] = [];
for (const folder of folders) {
  const figures = await bench(folder);
  all.push(figures);
  if (!values.json) show(figures);
}
if (values.json) console.log(JSON.stringify(all, null, 2));
