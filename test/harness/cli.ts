import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';
import type { CliIo, SessionChoice } from '../../src/cli/context.ts';
import type { ExitCode } from '../../src/cli/exit.ts';
import { runCli } from '../../src/cli/run.ts';
import { configLookup } from '../../src/engine/config/lookup.ts';
import { finishFindings } from '../../src/engine/findings/finish.ts';
import { readSuppressions } from '../../src/engine/findings/suppression.ts';
import type { Problem, Severity } from '../../src/engine/model/finding.ts';
import type { SessionApi } from '../../src/session/api.ts';
import { draftWith } from './finding.ts';
import { RULES } from './report.ts';

const RULE = 'security/sql-injection';
const TAG = { theme: 'security', benefits: ['security'], defaultOn: true } as const;

/** A folder with these files that is gone after the test. */
export function folderWith(t: TestContext, files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), 'underpin-cli-'));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
  return root;
}

export interface MarkerOptions {
  readonly severity?: Severity;
  readonly problems?: readonly Problem[];
  readonly over?: Partial<SessionApi>;
  /** A real session instead, where what the engine knows matters. */
  readonly create?: (root: string) => SessionApi;
}

/**
 * A session whose only rule reports the word DANGER in the .ts files of its folder (LOW DANGER with low confidence) and
 * fixes it to `safe`: enough to show what the command line does with the answers of a session.
 */
export function markerSession({ root, minConfidence }: SessionChoice, options: MarkerOptions = {}): SessionApi {
  const files = (): string[] =>
    readdirSync(root, { recursive: true, encoding: 'utf8' })
      .map(file => file.replaceAll('\\', '/'))
      .filter(file => file.endsWith('.ts'))
      .sort();
  const read = (file: string): string => readFileSync(join(root, file), 'utf8');
  const drafts = () =>
    files().flatMap(file =>
      Array.from(read(file).matchAll(/(LOW )?DANGER/g), match =>
        draftWith({
          ruleId: RULE,
          message: 'Here is danger.',
          severity: options.severity ?? 'error',
          confidence: match[1] ? 'low' : 'high',
          span: { file, start: match.index, end: match.index + match[0].length },
          evidence:
            file === 'proven.ts' ? [{ span: { file: 'guard.ts', start: 0, end: 1 }, message: 'No guard.' }] : [],
        }),
      ),
    );
  return {
    root,
    async scan({ signal, onProgress } = {}) {
      onProgress?.(1, 2, 'read');
      await new Promise(done => setImmediate(done));
      signal?.throwIfAborted();
      const { findings } = finishFindings({
        drafts: drafts(),
        suppressions: files().flatMap(file => readSuppressions(file, read(file))),
        rules: new Map([[RULE, TAG]]),
        textOf: read,
        settingsOf: configLookup(new Map()).settingsOf,
        ...(minConfidence ? { minConfidence } : {}),
      });
      return {
        findings,
        problems: options.problems ?? [],
        stats: {
          files: files().length,
          lines: 1,
          bytes: 1,
          cachedFiles: 0,
          phases: { extract: 1 },
          rules: { [RULE]: 1 },
        },
      };
    },
    read: async () => ({ problems: options.problems ?? [] }),
    applyChanges: () => undefined,
    routes: async () => [],
    descriptions: async () => [],
    trends: async () => [],
    rules: () => RULES,
    fixes: async () => [],
    async fixAll() {
      const edits = drafts().map(({ span }) => ({ span, text: 'safe' }));
      return edits.length === 0
        ? undefined
        : { id: 'x', title: 'Make it safe', kind: 'auto', change: { edits, newFiles: [] } };
    },
    verify: async () => ({ ok: true, reasons: [] }),
    teach: async () => undefined,
    explain: async (file, offset) => `${file}@${offset}`,
    denied: async () => [],
    whyNot: async (ruleId, file, offset) => `${ruleId} ${file}@${offset}`,
    text: async file => {
      try {
        return read(file);
      } catch {
        return undefined;
      }
    },
    onDidUpdate: () => () => undefined,
    dispose: () => undefined,
    ...options.over,
  };
}

export interface CliRun {
  readonly code: ExitCode;
  readonly out: string;
  readonly err: string;
}

/** Runs one command line in `cwd` with a marker session, unless `create` says otherwise. */
export async function runIn(
  cwd: string,
  argv: readonly string[],
  options: MarkerOptions & { readonly tty?: boolean; readonly env?: CliIo['env']; readonly signal?: AbortSignal } = {},
): Promise<CliRun> {
  const written = { out: '', err: '' };
  const output = (key: 'out' | 'err') => ({
    isTTY: options.tty === true,
    write: (text: string): void => {
      written[key] += text;
    },
  });
  const code = await runCli(
    argv,
    {
      stdout: output('out'),
      stderr: output('err'),
      env: options.env ?? {},
      cwd,
      ...(options.signal ? { signal: options.signal } : {}),
    },
    {
      version: '1.2.3',
      createSession: choice => options.create?.(choice.root) ?? markerSession(choice, options),
      startLanguageServer: async () => undefined,
      page: async id => (id === RULE ? '# SQL injection' : undefined),
      searchPages: async question => (question === 'sql' ? [`  ${RULE}  SQL injection`] : []),
    },
  );
  return { code, ...written };
}
