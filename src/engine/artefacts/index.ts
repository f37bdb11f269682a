import type { ArtefactFacts, ArtefactKind } from '../model/artefacts.ts';
import { compose } from './compose.ts';
import { config } from './config.ts';
import { dockerfile } from './dockerfile.ts';
import { envFile } from './env-file.ts';
import { graphqlSdl } from './graphql-sdl.ts';
import { helmTemplate } from './helm-template.ts';
import { kubernetes } from './kubernetes.ts';
import { lockfile } from './lockfile.ts';
import { openapi } from './openapi.ts';
import { packageJson } from './package-json.ts';
import { prisma } from './prisma.ts';
import { procfile } from './procfile.ts';
import { type AnyReader, HEAD_LENGTH } from './reader.ts';
import { sam } from './sam.ts';
import { serverless } from './serverless.ts';
import { shell } from './shell.ts';
import { sql } from './sql.ts';
import { template } from './template.ts';
import { tsconfig } from './tsconfig.ts';
import { workflow } from './workflow.ts';
import { wrangler } from './wrangler.ts';

/** The first reader that claims a file reads it: those that go by name come before those that look inside. */
const READERS: readonly AnyReader[] = [
  packageJson,
  lockfile,
  tsconfig,
  config,
  dockerfile,
  envFile,
  procfile,
  template,
  prisma,
  sql,
  wrangler,
  workflow,
  graphqlSdl,
  compose,
  serverless,
  sam,
  openapi,
  helmTemplate,
  kubernetes,
  shell,
];

/**
 * What kind of artefact a file is, by its path (workspace-relative, POSIX) and the head of its text; undefined if none.
 * Only the first `HEAD_LENGTH` units of the text count, so the caller may pass just those.
 */
export function artefactKind(path: string, head: string): ArtefactKind | undefined {
  return readerOf(path, head)?.kind;
}

/** Reads a file if it is an artefact. Never throws: what cannot be read becomes a problem of partial facts. */
export function readArtefact(path: string, text: string): ArtefactFacts | undefined {
  const reader = readerOf(path, text);
  if (!reader) return undefined;
  // A byte order mark would become part of the first token; a line break keeps every offset and says nothing.
  const body = text.startsWith('\uFEFF') ? `\n${text.slice(1)}` : text;
  try {
    return reader.read(path, body);
  } catch {
    const empty = reader.read(path, '');
    return { ...empty, problems: [...empty.problems, { message: 'The file could not be read.', start: 0, end: 0 }] };
  }
}

function readerOf(path: string, text: string): AnyReader | undefined {
  const head = text.slice(text.startsWith('\uFEFF') ? 1 : 0, HEAD_LENGTH);
  return READERS.find(reader => reader.matches(path, head));
}
