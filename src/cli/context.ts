import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Confidence } from '../engine/model/finding.ts';
import { foldersAbove } from '../session/above.ts';
import type { SessionApi } from '../session/api.ts';
import { assertWritable, folderAt } from './files.ts';

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
  /** The knowledge page of a rule id or a key (`recipes/auth/express`) as Markdown. */
  page(id: string): Promise<string | undefined>;
  /** The knowledge pages that fit a question best: `  name  title`. */
  searchPages(question: string): Promise<readonly string[]>;
}

export interface Context {
  readonly io: CliIo;
  readonly deps: CliDeps;
  readonly color: boolean;
}

/** What a command is about to read and write is looked at before the work begins. Gives the folder as absolute path. */
export async function folderToRead({ io }: Context, path: string | undefined, output?: string): Promise<string> {
  const root = await folderAt(io.cwd, path);
  if (output !== undefined) await assertWritable(resolve(io.cwd, output));
  const isPackage = existsSync(join(root, 'package.json'));
  const owner = isPackage
    ? undefined
    : foldersAbove(root).findLast(({ folder }) => existsSync(join(folder, 'package.json')));
  if (owner)
    io.stderr.write(
      `Note: ${root} is a part of ${owner.folder}, whose package.json is not read; scan that for the whole picture.\n`,
    );
  return root;
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
