import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { createSession } from '../session/session.ts';
import { type ListedEndpoint, type Score, score, type Truth } from './truth-score.ts';

/**
 * `npm run bench:truth -- CLONES_DIR --truth DIR [--show N] [--json]`: lists the routes of clones named `owner+name` and
 * compares them with files of known endpoints, `owner+name.json`: `{ repo, endpoints: [{ method, path, auth? }],
 * complete?, scopePrefixes?, perProject? }`. `owner+name.graphql.json` and `.trpc.json` hold what is not an HTTP route.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    truth: { type: 'string' },
    show: { type: 'string', default: '0' },
    json: { type: 'boolean', default: false },
  },
});

const HTTP = /^(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS|TRACE|CONNECT|ALL)$/;

const cwd = process.env['INIT_CWD'] ?? process.cwd();
const [clones] = positionals;
if (clones === undefined || values.truth === undefined) {
  console.error('usage: npm run bench:truth -- CLONES_DIR --truth DIR [--show N] [--json]');
  process.exitCode = 2;
} else process.exitCode = await run(resolve(cwd, clones), resolve(cwd, values.truth));

async function run(clonesFolder: string, truthFolder: string): Promise<number> {
  const results: { name: string; score: Score; ms: number }[] = [];
  for (const file of readdirSync(truthFolder).sort()) {
    if (!file.endsWith('.json')) continue;
    const truth = JSON.parse(readFileSync(join(truthFolder, file), 'utf8')) as Truth;
    const clone = join(clonesFolder, truth.repo.replace('/', '+'));
    if (!existsSync(clone)) {
      console.error(`${truth.repo} is not cloned; left out.`);
      continue;
    }
    const start = performance.now();
    const listed = truth.perProject ? await perProject(clone, truth) : await routesOf(clone);
    const isHttp = !/\.\w+\.json$/.test(file);
    const own = listed.filter(({ method }) => HTTP.test(method) === isHttp);
    const result = { name: file.slice(0, -5), score: score(own, truth), ms: performance.now() - start };
    results.push(result);
    if (!values.json) print(result);
  }
  if (values.json) console.log(JSON.stringify(results, undefined, 2));
  else printTotal(results.map(result => result.score));
  return results.length > 0 ? 0 : 2;
}

async function routesOf(root: string): Promise<ListedEndpoint[]> {
  const session = createSession({ root });
  const routes = await session.routes();
  session.dispose();
  const words = { yes: true, no: false, unknown: null } as const;
  return routes.map(({ method, path, span, verdicts }) => ({
    method,
    path,
    file: span.file,
    auth: words[verdicts.auth],
  }));
}

/** Each of the small applications is a workspace of its own. */
async function perProject(clone: string, { endpoints }: Truth): Promise<ListedEndpoint[]> {
  const folders = new Set(endpoints.flatMap(({ path }) => /^\/([^:]+):/.exec(path)?.[1] ?? []));
  const out: ListedEndpoint[] = [];
  for (const folder of folders) {
    if (!existsSync(join(clone, folder))) continue;
    for (const route of await routesOf(join(clone, folder))) out.push({ ...route, path: `/${folder}:${route.path}` });
  }
  return out;
}

function print({ name, score: own, ms }: { name: string; score: Score; ms: number }): void {
  const { truth, listed, found, recall, precision, auth } = own;
  const numbers = `truth ${truth}, listed ${listed}, found ${found}`;
  const rates = `recall ${percent(recall)}, precision ${percent(precision)}, auth ${percent(auth.agreement)} of ${auth.compared}`;
  console.log(`${name}\n  ${numbers}; ${rates} (${Math.round(ms)} ms)`);
  const most = Number(values.show);
  for (const [title, list] of [
    ['missed', own.missed],
    ['extra', own.extra],
    ['guarded, called open', own.calledOpen],
    ['open, called guarded', own.calledGuarded],
  ] as const)
    if (most > 0 && list.length > 0) console.log(`  ${title} (${list.length}): ${list.slice(0, most).join(', ')}`);
}

function printTotal(scores: readonly Score[]): void {
  const sum = (pick: (own: Score) => number): number => scores.reduce((total, own) => total + pick(own), 0);
  const compared = sum(({ auth }) => auth.compared);
  const wrong = sum(({ calledOpen, calledGuarded }) => calledOpen.length + calledGuarded.length);
  const judged = scores.filter(({ precision }) => precision !== undefined);
  const listed = judged.reduce((total, own) => total + own.listed, 0);
  const extra = judged.reduce((total, own) => total + own.extra.length, 0);
  const found = sum(own => own.found);
  const truth = sum(own => own.truth);
  console.log(
    `total\n  found ${found} of ${truth} (${percent(found / truth)}), precision ${percent((listed - extra) / listed)}, ` +
      `auth ${percent((compared - wrong) / compared)} of ${compared}`,
  );
}

function percent(value: number | undefined): string {
  return value === undefined || Number.isNaN(value) ? '–' : `${(100 * value).toFixed(1)} %`;
}
