import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { runTests } from '@vscode/test-electron';
import { build } from 'esbuild';
import { removeFolder } from '../../test-host/host.ts';
import { quietSettings } from '../../test-host/settings.ts';
import { ensureBuilt } from './fresh.ts';
import { out, root } from './paths.ts';
import type { Counts } from './stages.ts';
import { followReport } from './suite-report.ts';

const SUITES = path.join(root, 'test/vscode');
const SUITE_TIMEOUT_MS = 300_000;

/** What `suite.json` beside the test files may say; paths are relative to its folder. */
interface SuiteOptions {
  /** A folder or .code-workspace file; a copy of its folder is opened. */
  readonly workspace?: string;
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Folders of further extensions, such as a language model provider. */
  readonly extensions?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

interface Suite {
  readonly name: string;
  readonly folder: string;
  readonly files: readonly string[];
  readonly options: SuiteOptions;
}

/** Runs the files of test/vscode in one real VS Code, and those of each of its folders in a further one. */
export async function runVscodeSuites(): Promise<Counts> {
  await ensureBuilt();
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const suite of findSuites()) {
    const counts = await runOne(suite);
    total.passed += counts.passed;
    total.failed += counts.failed;
    total.skipped += counts.skipped;
  }
  return total;
}

function findSuites(): Suite[] {
  const folders = fs.readdirSync(SUITES, { withFileTypes: true }).filter(entry => entry.isDirectory());
  return ['.', ...folders.map(({ name }) => name)].flatMap(name => {
    const folder = path.join(SUITES, name);
    const files = fs.readdirSync(folder).filter(file => file.endsWith('.test.ts'));
    if (files.length === 0) return [];
    const options = path.join(folder, 'suite.json');
    return {
      name: name === '.' ? 'main' : name,
      folder,
      files: files.sort().map(file => path.join(folder, file)),
      options: fs.existsSync(options) ? JSON.parse(fs.readFileSync(options, 'utf8')) : {},
    };
  });
}

async function runOne(suite: Suite): Promise<Counts> {
  const { name, folder, options } = suite;
  const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'underpin-suite-'));
  process.once('exit', () => removeFolder(scratch));
  const report = followReport(name, path.join(out, `suite-${name}.ndjson`));
  try {
    const user = path.join(scratch, 'user');
    fs.mkdirSync(path.join(user, 'User'), { recursive: true });
    const settings = JSON.stringify({ ...quietSettings, ...options.settings }, null, 2);
    fs.writeFileSync(path.join(user, 'User/settings.json'), settings);
    const further = (options.extensions ?? []).map(extension => path.resolve(folder, extension));
    const executable = vscodeExecutable();
    await runTests({
      ...(executable && { vscodeExecutablePath: executable }),
      extensionDevelopmentPath: [root, ...further],
      extensionTestsPath: await bundle(suite),
      extensionTestsEnv: {
        UNDERPIN_HOST_TIMEOUT: String(SUITE_TIMEOUT_MS),
        UNDERPIN_HOST_SHOTS: path.join(out, 'shots'),
        UNDERPIN_SUITE_REPORT: report.file,
        UNDERPIN_REPOSITORY: root,
        ...options.env,
      },
      launchArgs: [
        copyWorkspace(suite, scratch),
        `--user-data-dir=${user}`,
        `--extensions-dir=${path.join(scratch, 'extensions')}`,
        '--disable-workspace-trust',
        '--skip-welcome',
        '--skip-release-notes',
      ],
    });
    return report.finish(undefined);
  } catch (error) {
    return report.finish(error instanceof Error ? error.message : String(error));
  } finally {
    removeFolder(scratch);
  }
}

/** Nothing means that @vscode/test-electron downloads a desktop VS Code. */
function vscodeExecutable(): string | undefined {
  return (
    process.env['VSCODE_EXECUTABLE'] ?? (process.platform === 'linux' ? path.join(root, 'test-host/code') : undefined)
  );
}

/** One CommonJS file, as the extension host of every supported VS Code loads it. */
async function bundle({ name, folder, files }: Suite): Promise<string> {
  const outfile = path.join(out, `suites/${name}.cjs`);
  const loads = files.map(file => `() => import(${JSON.stringify(file)})`);
  await build({
    stdin: {
      contents: `import { runSuite } from ${JSON.stringify(path.join(SUITES, 'run.ts'))};
export const run = () => runSuite([${loads.join(', ')}]);`,
      resolveDir: folder,
      loader: 'ts',
    },
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    sourcemap: 'inline',
    external: ['vscode', 'mocha'],
    mainFields: ['module', 'main'],
    logLevel: 'warning',
  });
  return outfile;
}

/** Tests write into what they open, so it is always a copy. */
function copyWorkspace({ folder, options }: Suite, scratch: string): string {
  const source = path.resolve(folder, options.workspace ?? path.join(root, 'test/projects/express-shop'));
  const isFile = fs.statSync(source).isFile();
  const copy = path.join(scratch, 'workspace');
  fs.cpSync(isFile ? path.dirname(source) : source, copy, { recursive: true });
  return isFile ? path.join(copy, path.basename(source)) : copy;
}
