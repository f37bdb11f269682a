import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { lineIndex } from '../common/line-index.ts';
import type { Finding } from '../engine/model/finding.ts';
import { createSession } from '../session/session.ts';

/**
 * `npm run bench:detection -- CLONES_DIR --truth DIR [--misses CATEGORY]`: scans checked out suites and compares the
 * findings with lines that are known to be bad or good. The folder of the truth holds `labels/*.jsonl` and the scorer
 * they came with (`score.mjs`, `lib.mjs`), which says what category a CWE belongs to and prints its own table.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { truth: { type: 'string' }, misses: { type: 'string' } },
});

interface Site {
  readonly file: string;
  readonly line: number;
  readonly kind: 'bad' | 'ok';
  readonly category: string;
}

interface Reported {
  readonly file: string;
  readonly line: number;
  readonly endLine: number;
  readonly rule: string;
  readonly cats: readonly string[];
}

interface Result {
  readonly overall: { readonly inCat: number; readonly inCatHit: number };
  readonly rows: readonly { readonly site: Site; readonly cat: boolean }[];
}

interface Scorer {
  loadRulemap(): Record<string, unknown>;
  loadLabels(folder: string): readonly unknown[];
  makeMapper(
    rules: Record<string, unknown>,
    categoryOf: (cwe: string) => string,
  ): (rule: string, hints: { readonly tags: readonly string[] }) => readonly string[];
  score(labels: readonly unknown[], findings: readonly Reported[]): Result;
  table(result: Result): string;
}

interface Categories {
  categoryOf(cwes: readonly string[], otherwise: string): string;
}

const cwd = process.env['INIT_CWD'] ?? process.cwd();
const [clones] = positionals;
if (clones === undefined || values.truth === undefined) {
  console.error('usage: npm run bench:detection -- CLONES_DIR --truth DIR [--misses CATEGORY]');
  process.exitCode = 2;
} else await run(resolve(cwd, clones), resolve(cwd, values.truth));

async function run(root: string, truth: string): Promise<void> {
  if (!existsSync(join(truth, 'score.mjs'))) throw new Error(`${truth} holds no scorer.`);
  const scorer = (await import(pathToFileURL(join(truth, 'score.mjs')).href)) as Scorer;
  const { categoryOf } = (await import(pathToFileURL(join(truth, 'lib.mjs')).href)) as Categories;
  const categories = scorer.makeMapper(scorer.loadRulemap(), cwe => categoryOf([`CWE-${cwe}`], ''));
  const session = createSession({ root, allFiles: true });
  const { findings } = await session.scan();
  session.dispose();
  const lines = new Map<string, ReturnType<typeof lineIndex>>();
  const lineOf = (file: string, offset: number): number => {
    const known = lines.get(file) ?? lineIndex(readFileSync(join(root, file), 'utf8'));
    lines.set(file, known);
    return known.positionAt(offset).line + 1;
  };
  const reported = findings
    .filter(({ suppression }) => !suppression)
    .map(
      ({ ruleId, cwe, span: { file, start, end } }: Finding): Reported => ({
        file,
        line: lineOf(file, start),
        endLine: lineOf(file, end),
        rule: ruleId,
        cats: categories(ruleId, { tags: cwe.map(number => `external/cwe/cwe-${number}`) }),
      }),
    );
  const result = scorer.score(scorer.loadLabels(join(truth, 'labels')), reported);
  console.log(scorer.table(result));
  const { inCat, inCatHit } = result.overall;
  console.log(`\nprecision ${((100 * inCatHit) / inCat).toFixed(1)} % of ${inCat} findings in files with such labels`);
  for (const { site, cat } of result.rows)
    if (values.misses === site.category && site.kind === 'bad' && !cat)
      console.log(`${site.file}:${site.line}\t${site.category}`);
}
