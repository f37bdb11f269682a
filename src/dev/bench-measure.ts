import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isSourcePath, parse } from '../engine/syntax/parse.ts';
import { ts } from '../engine/syntax/ts.ts';
import { discover } from '../session/discover.ts';
import { createSession } from '../session/session.ts';

/** One measurement of the bench, in a process of its own: prints a `Measured` as JSON. */
export type Measure = 'baseline' | 'cold' | 'cached' | 'edit';

export interface Measured {
  readonly times: readonly number[];
  /** The part of flows in each edit. */
  readonly flowTimes: readonly number[];
  readonly peakMb: number;
  readonly files: number;
  readonly lines: number;
  readonly phases: Readonly<Record<string, number>>;
  readonly rules: Readonly<Record<string, number>>;
  readonly functions: Readonly<Record<string, number>>;
  readonly cutFlows: number;
}

const [kind, folder, cacheFolder, edits] = process.argv.slice(2) as [Measure, string, string, string];
const workerUrl = new URL('../worker.ts', import.meta.url);
const nothing = { flowTimes: [], files: 0, lines: 0, phases: {}, rules: {}, functions: {}, cutFlows: 0 };

async function run(): Promise<Omit<Measured, 'peakMb'>> {
  if (kind === 'baseline') return { ...nothing, times: [parseAll()] };
  if (kind === 'edit') return { ...nothing, ...(await typeEverywhere()) };
  const session = createSession({ root: folder, cacheFolder, workerUrl, isOnce: true });
  const started = performance.now();
  const { stats } = await session.scan();
  const times = [performance.now() - started];
  session.dispose();
  const { files, lines, phases, rules, functions = {}, cutFlows = 0 } = stats;
  return { ...nothing, times, files, lines, phases, rules, functions, cutFlows };
}

/** Reads, parses and walks every source once. */
function parseAll(): number {
  const started = performance.now();
  let nodes = 0;
  const visit = (node: ts.Node): void => {
    nodes++;
    ts.forEachChild(node, visit);
  };
  for (const { path } of discover(folder).files) {
    if (isSourcePath(path)) visit(parse(path, readFileSync(join(folder, path), 'utf8')));
  }
  return nodes > 0 ? performance.now() - started : Number.NaN;
}

/** A statement typed into one file after the other, spread over the workspace; time to the new findings. */
async function typeEverywhere(): Promise<Pick<Measured, 'times' | 'flowTimes'>> {
  const session = createSession({ root: folder, cacheFolder, workerUrl });
  await session.scan();
  const sources = discover(folder).files.filter(
    ({ path, bytes }) => isSourcePath(path) && bytes > 500 && !/test|spec|\.d\.ts$/.test(path),
  );
  const times: number[] = [];
  const flowTimes: number[] = [];
  const count = Math.min(Number(edits), sources.length);
  for (let edit = 0; edit < count; edit++) {
    const { path } = sources[Math.floor((edit / count) * sources.length)]!;
    const text = readFileSync(join(folder, path), 'utf8');
    const body = /(?:=>|\))\s*\{\r?\n/.exec(text);
    if (!body) continue;
    const at = body.index + body[0].length;
    // In turns a variable that nobody reads, which changes the least, and a call, which may change what is reached.
    const typed = edit % 2 === 0 ? `const typed${edit} = ${edit};` : `console.debug('typed', ${edit});`;
    session.applyChanges([{ file: path, text: `${text.slice(0, at)}  ${typed}\n${text.slice(at)}` }]);
    const started = performance.now();
    const { stats } = await session.scan();
    times.push(performance.now() - started);
    flowTimes.push(stats.phases.flows ?? 0);
  }
  session.dispose();
  return { times, flowTimes };
}

const measured = await run();
console.log(
  JSON.stringify({ ...measured, peakMb: Math.round(process.resourceUsage().maxRSS / 1024) } satisfies Measured),
);
