import type { Confidence } from '../engine/model/finding.ts';
import type { SessionApi } from '../session/api.ts';

export interface Output {
  readonly isTTY: boolean;
  write(text: string): void;
}

/** Everything of the process that a command may touch besides files. */
export interface CliIo {
  /** The report and nothing else. */
  readonly stdout: Output;
  /** Progress, notes and errors. */
  readonly stderr: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Fires on Ctrl+C. */
  readonly signal?: AbortSignal;
}

export interface SessionChoice {
  /** Absolute path of the folder to scan. */
  readonly root: string;
  /** False: read and extract everything anew. */
  readonly cache: boolean;
  /** Tests, fixtures and examples count as source too. */
  readonly allFiles: boolean;
  /** Overrides what the configuration files say. */
  readonly minConfidence?: Confidence;
}

export interface CliDeps {
  /** Version of Underpin. */
  readonly version: string;
  /** May load the engine first; commands that need none of it stay fast. */
  createSession(choice: SessionChoice): SessionApi | Promise<SessionApi>;
  /** Serves the language server protocol on stdin and stdout until the client goes away. */
  startLanguageServer(): Promise<void>;
  /** The knowledge page of a rule as Markdown. */
  rulePage(ruleId: string): Promise<string | undefined>;
}

export interface Context {
  readonly io: CliIo;
  readonly deps: CliDeps;
  readonly color: boolean;
}

/** Runs with a session that is disposed of whatever happens. */
export async function withSession<T>(
  { deps }: Context,
  choice: SessionChoice,
  work: (session: SessionApi) => Promise<T>,
): Promise<T> {
  const session = await deps.createSession(choice);
  try {
    return await work(session);
  } finally {
    session.dispose();
  }
}

/** Texts of files that a report needs to turn offsets into lines. */
export async function readTexts(
  session: SessionApi,
  files: readonly string[],
): Promise<(file: string) => string | undefined> {
  const texts = new Map<string, string>();
  for (const file of files) {
    const text = await session.text(file);
    if (text !== undefined) texts.set(file, text);
  }
  return file => texts.get(file);
}
