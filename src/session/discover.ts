import { type Dirent, readdirSync, readFileSync, realpathSync, type Stats, statSync } from 'node:fs';
import { join } from 'node:path';
import ignore, { type Ignore } from 'ignore';
import { artefactKind } from '../engine/artefacts/index.ts';
import type { Problem } from '../engine/model/finding.ts';
import { isSourcePath } from '../engine/syntax/parse.ts';
import { foldersAbove } from './above.ts';

/** Files above this many bytes are left out and said so; lockfiles are long by nature. */
export const MAX_FILE_BYTES = 1_500_000;
const MAX_LOCKFILE_BYTES = 30_000_000;
const MAX_FILES = 60_000;

// Installed, built or fetched: never the project's own source, whether or not git ignores them.
const SKIPPED_FOLDERS = new Set(
  'node_modules bower_components jspm_packages .git .hg .svn dist build out .next .nuxt .output .svelte-kit .turbo .cache .parcel-cache .yarn .pnpm-store coverage .nyc_output vendor third_party .serverless .aws-sam .wrangler .vercel .netlify .terraform __pycache__ .venv venv .vscode-test'.split(
    ' ',
  ),
);
const IGNORE_FILES = ['.gitignore', '.underpinignore'];
const LOCKFILE = /(?:^|\/)(?:package-lock\.json|npm-shrinkwrap\.json|pnpm-lock\.yaml|yarn\.lock|bun\.lock)$/;
const MAYBE_ARTEFACT =
  /\.(?:ya?ml|jsonc?|toml|prisma|graphqls?|gql|sql|sh|lock|ejs|hbs|handlebars|mustache|pug|jade|njk|swig|twig)$|(?:^|\/)(?:[\w.-]*Dockerfile[\w.-]*|Containerfile|Procfile|\.env[\w.-]*|\.dev\.vars[\w.-]*|\.dockerignore|docker-entrypoint[\w.-]*|entrypoint[\w.-]*)$/i;

export interface FoundFile {
  /** Workspace-relative POSIX path. */
  readonly path: string;
  readonly bytes: number;
  readonly modified: number;
}

/** Ignore rules of one folder; `relative` gives a path of the workspace as seen from there. */
interface IgnoreRules {
  readonly relative: (path: string) => string;
  readonly matcher: Ignore;
}

export interface Discovery {
  /** Sorted by path. */
  readonly files: readonly FoundFile[];
  readonly problems: readonly Problem[];
}

/** Lists what may be read below a folder: ignore files honoured, links followed once, limits told. Never throws. */
export function discover(root: string): Discovery {
  const files: FoundFile[] = [];
  const problems: Problem[] = [];
  const seen = new Set<string>();
  const visit = (folder: string, rules: readonly IgnoreRules[]): void => {
    const absolute = join(root, folder);
    if (!enter(absolute, folder, seen, problems)) return;
    const entries = list(absolute, folder, problems);
    if (!entries) return;
    const own = ignoreFile(absolute, entries);
    const active = own ? [...rules, { relative: below(folder), matcher: own }] : rules;
    for (const entry of entries) {
      const path = folder ? `${folder}/${entry.name}` : entry.name;
      if (files.length >= MAX_FILES) return;
      const kind = kindOf(entry, join(root, path));
      if (kind === 'folder') {
        if (!SKIPPED_FOLDERS.has(entry.name) && !isIgnored(active, `${path}/`)) visit(path, active);
      } else if (kind === 'file' && isCandidate(path) && !isIgnored(active, path)) {
        addFile(root, path, files, problems);
      }
    }
  };
  visit('', rulesAbove(root));
  if (files.length >= MAX_FILES) {
    problems.push({
      code: 'limit-reached',
      message: `Only the first ${MAX_FILES} files were looked at.`,
      incomplete: true,
    });
  }
  files.sort((a, b) => (a.path < b.path ? -1 : 1));
  return { files, problems };
}

/** Whether discovery would list a file of this path, be it on disk already or not. */
export function isWanted(root: string, path: string): boolean {
  if (!isCandidate(path)) return false;
  const rules = [...rulesAbove(root)];
  let folder = '';
  for (const name of path.split('/')) {
    const matcher = ignoreFile(join(root, folder));
    if (matcher) rules.push({ relative: below(folder), matcher });
    const child = folder ? `${folder}/${name}` : name;
    const isFolder = child.length < path.length;
    if (isFolder && SKIPPED_FOLDERS.has(name)) return false;
    if (isIgnored(rules, isFolder ? `${child}/` : child)) return false;
    folder = child;
  }
  return true;
}

/** Whether a reader may claim a file of this path. */
export function isCandidate(path: string): boolean {
  return isSourcePath(path) || MAYBE_ARTEFACT.test(path);
}

/** Refuses folders that were entered before, under whatever name. */
function enter(absolute: string, folder: string, seen: Set<string>, problems: Problem[]): boolean {
  let real: string;
  try {
    real = realpathSync(absolute);
  } catch {
    return false;
  }
  if (seen.has(real)) {
    problems.push({
      code: 'symlink-loop',
      message: 'A link leads to a folder that was already visited.',
      file: folder,
      incomplete: false,
    });
    return false;
  }
  seen.add(real);
  return true;
}

function list(absolute: string, folder: string, problems: Problem[]): Dirent[] | undefined {
  try {
    return readdirSync(absolute, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    problems.push({
      code: 'folder-unreadable',
      message: `The folder cannot be read (${codeOf(error)}).`,
      file: folder || '.',
      incomplete: true,
    });
    return undefined;
  }
}

/** The ignore rules of one folder; without a listing the files are tried. */
function ignoreFile(absolute: string, entries?: readonly Dirent[]): Ignore | undefined {
  const names = IGNORE_FILES.filter(name => !entries || entries.some(entry => entry.name === name));
  if (names.length === 0) return undefined;
  const matcher = ignore({ allowRelativePaths: true });
  for (const name of names) {
    try {
      matcher.add(readFileSync(join(absolute, name), 'utf8'));
    } catch {
      // An unreadable ignore file ignores nothing.
    }
  }
  return matcher;
}

/** What a repository ignores holds in a part of it, too, unless all of that part is ignored: then somebody asked for it. */
function rulesAbove(root: string): readonly IgnoreRules[] {
  const rules = foldersAbove(root).flatMap(({ folder, prefix }): IgnoreRules[] => {
    const matcher = ignoreFile(folder);
    return matcher ? [{ relative: path => `${prefix}/${path}`, matcher }] : [];
  });
  return isIgnored(rules, '') ? [] : rules;
}

function below(folder: string): IgnoreRules['relative'] {
  return folder ? path => path.slice(folder.length + 1) : path => path;
}

function isIgnored(rules: readonly IgnoreRules[], path: string): boolean {
  let ignored = false;
  for (const { relative, matcher } of rules) {
    const result = matcher.test(relative(path));
    if (result.ignored) ignored = true;
    else if (result.unignored) ignored = false;
  }
  // A tracked .env is what the secret rules look for; an ignored one is private and stays unread.
  return ignored;
}

function kindOf(entry: Dirent, absolute: string): 'file' | 'folder' | 'other' {
  if (entry.isFile()) return 'file';
  if (entry.isDirectory()) return 'folder';
  if (!entry.isSymbolicLink()) return 'other';
  const stats = statOf(absolute);
  return stats?.isFile() ? 'file' : stats?.isDirectory() ? 'folder' : 'other';
}

function addFile(root: string, path: string, files: FoundFile[], problems: Problem[]): void {
  const stats = statOf(join(root, path));
  if (!stats) {
    problems.push({ code: 'file-unreadable', message: 'The file cannot be read.', file: path, incomplete: true });
    return;
  }
  const limit = LOCKFILE.test(path) ? MAX_LOCKFILE_BYTES : MAX_FILE_BYTES;
  if (stats.size > limit) {
    // Data files are large and say nothing; only sources and artefacts that go by name are missed.
    if (isSourcePath(path) || artefactKind(path, '') !== undefined) {
      problems.push({
        code: 'file-too-large',
        message: `The file has ${(stats.size / 1e6).toFixed(1)} MB; files above ${limit / 1e6} MB are skipped.`,
        file: path,
        incomplete: false,
      });
    }
    return;
  }
  files.push({ path, bytes: stats.size, modified: stats.mtimeMs });
}

function statOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}

export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
}
