import fs from 'node:fs';
import path from 'node:path';
import { exitOnSignals } from '../../test-host/host.ts';
import { ensurePackaged } from './fresh.ts';
import { out, root } from './paths.ts';
import { type Counts, died, NOTHING, runCheck, runCommand, runNodeTests } from './stages.ts';
import { runVscodeSuites } from './vscode-suites.ts';

interface Stage {
  readonly name: string;
  run(): Promise<Counts>;
}

/** Every rule's fixtures run in this file, under the rule's id. */
const RULE_TESTS = 'test/engine/fixtures.test.ts';
const ENTRIES = ['extension', 'server', 'cli', 'worker'];

// Biome colours even what goes into a file.
const colors = process.stdout.isTTY ? 'force' : 'off';
const unitFiles = testFiles('test/**/*.test.ts', ['test/vscode/**', 'test/e2e/**']);
const windowFiles = testFiles('test/e2e/**/*.test.ts', []);

const stages: readonly Stage[] = [
  { name: 'types', run: () => runCheck(process.execPath, ['node_modules/typescript/bin/tsc', '-p', '.']) },
  {
    name: 'lint',
    run: () => runCheck(process.execPath, ['node_modules/@biomejs/biome/bin/biome', 'ci', `--colors=${colors}`, '.']),
  },
  { name: 'build', run: buildAndPackage },
  { name: 'unit', run: () => runNodeTests('unit', unitFiles) },
  { name: 'vscode', run: runVscodeSuites },
  { name: 'e2e', run: () => runWindows(windowFiles) },
];

exitOnSignals();
const filters = process.argv.slice(2);
fs.mkdirSync(path.join(out, 'shots'), { recursive: true });
process.exitCode = await run(filters.length > 0 ? filters.flatMap(chosen) : stages);

async function run(list: readonly Stage[]): Promise<number> {
  let total = NOTHING;
  const lines: string[] = [];
  for (const { name, run } of list) {
    console.log(`\n── ${name}`);
    const start = Date.now();
    const counts = await run().catch(error => died(name, String(error?.stack ?? error)));
    const empty = counts.passed + counts.failed + counts.skipped === 0;
    if (empty) console.error(`The stage ${name} ran no test.`);
    total = add(total, empty ? { ...counts, failed: 1 } : counts);
    lines.push(`${name.padEnd(8)} ${summary(counts)} (${((Date.now() - start) / 1000).toFixed(1)} s)`);
  }
  console.log(`\n${lines.join('\n')}\n${summary(total)}`);
  return total.failed > 0 ? 1 : 0;
}

/** One window at a time: two browsers on two cores make each other miss their time limits. */
async function runWindows(files: readonly string[]): Promise<Counts> {
  if (process.platform === 'linux') return runNodeTests('e2e', files, ['--test-concurrency=1']);
  console.log('The VS Code that these tests drive runs on Linux only.');
  return { ...NOTHING, skipped: files.length };
}

/** A stage by its name, else test files by a part of their path, else tests by a part of their own name. */
function chosen(text: string): readonly Stage[] {
  const stage = stages.filter(({ name }) => name === text);
  if (stage.length > 0) return stage;
  const units = unitFiles.filter(file => file.includes(text));
  const windows = windowFiles.filter(file => file.includes(text));
  if (units.length + windows.length === 0) {
    const pattern = text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    const files = isRule(text) ? [RULE_TESTS] : unitFiles;
    return [{ name: 'unit', run: () => runNodeTests('unit', files, [`--test-name-pattern=${pattern}`]) }];
  }
  return [
    ...(units.length > 0 ? [{ name: 'unit', run: () => runNodeTests('unit', units) }] : []),
    ...(windows.length > 0 ? [{ name: 'e2e', run: () => runWindows(windows) }] : []),
  ];
}

function isRule(text: string): boolean {
  return fs.globSync('test/fixtures/*/*', { cwd: root }).some(folder => folder.replaceAll('\\', '/').includes(text));
}

async function buildAndPackage(): Promise<Counts> {
  const missing = ENTRIES.filter(name => !fs.existsSync(path.join(root, `src/${name}.ts`)));
  if (missing.length > 0) throw new Error(`There is no source for dist/${missing.join(', dist/')}.`);
  await ensurePackaged();
  const { ok } = await runCommand(process.execPath, [path.join(root, 'src/dev/generate.ts'), '--check']);
  return { passed: ok ? 2 : 1, failed: ok ? 0 : 1, skipped: 0 };
}

/** Fixtures and sample projects are material, even when a file of theirs is called a test. */
function testFiles(pattern: string, exclude: readonly string[]): string[] {
  const material = ['test/fixtures/**', 'test/projects/**', 'test/**/fixtures/**', 'test/**/node_modules/**'];
  return fs
    .globSync(pattern, { cwd: root, exclude: [...exclude, ...material] })
    .map(file => file.replaceAll('\\', '/'))
    .sort();
}

function add(a: Counts, b: Counts): Counts {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped };
}

function summary({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}
