import { lstat, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createTwoFilesPatch } from 'diff';
import type { Finding } from '../engine/model/finding.ts';
import type { Change } from '../engine/model/span.ts';
import { count } from '../report/words.ts';
import type { SessionApi } from '../session/api.ts';
import { type Context, withSession } from './context.ts';
import { CliError, EXIT, type ExitCode } from './exit.ts';
import { folderAt, readTextFile, writeWhole } from './files.ts';
import { scanWithProgress } from './scan.ts';
import { knownRules, rootConfig } from './settings.ts';

const BOM = '\uFEFF';

export interface FixFlags {
  readonly rule: string;
  readonly dryRun?: boolean;
  readonly cache: boolean;
}

interface FileChange {
  readonly file: string;
  /** Undefined: the change creates the file. */
  readonly before: string | undefined;
  readonly after: string;
}

/** Applies the verified fixes of one rule, or prints them as a diff. */
export async function fix(ctx: Context, path: string | undefined, flags: FixFlags): Promise<ExitCode> {
  const { io } = ctx;
  const root = await folderAt(io.cwd, path);
  return withSession(ctx, { root, cache: flags.cache, allFiles: false }, async session => {
    knownRules([flags.rule], session.rules());
    await rootConfig(root, session.rules());
    const { findings } = await scanWithProgress(ctx, session);
    const verified = await session.fixAll(flags.rule);
    if (!verified) {
      io.stderr.write(`${nothingToFix(flags.rule, findings)}\n`);
      return EXIT.clean;
    }
    const changes = await applied(session, root, verified.change);
    if (flags.dryRun) {
      io.stdout.write(changes.map(toPatch).join(''));
      return EXIT.clean;
    }
    for (const [at, { file, before, after }] of changes.entries()) {
      try {
        if (before === undefined) await mkdir(dirname(join(root, file)), { recursive: true });
        await writeWhole(join(root, file), after);
      } catch (error) {
        if (at > 0)
          io.stderr.write(
            `Changed before: ${changes
              .slice(0, at)
              .map(one => one.file)
              .join(', ')}\n`,
          );
        throw error;
      }
    }
    io.stderr.write(`${verified.title}: ${count(changes.length, 'file')} changed.\n`);
    for (const { file } of changes) io.stdout.write(`${file}\n`);
    return EXIT.clean;
  });
}

function nothingToFix(rule: string, findings: readonly Finding[]): string {
  const open = findings.filter(({ ruleId, suppression }) => ruleId === rule && !suppression).length;
  if (open === 0) return `${rule} has no findings here.`;
  const [has, them] = open === 1 ? ['1 finding', 'it'] : [`${open} findings`, 'them'];
  return `${rule} has ${has} here, but no fix for ${them} that is safe to apply unseen; "underpin explain ${rule}" says what to do.`;
}

/** The texts before and after; refuses if a file is not what was scanned or not a file of the folder. */
async function applied(session: SessionApi, root: string, { edits, newFiles }: Change): Promise<FileChange[]> {
  const files = [...new Set(edits.map(edit => edit.span.file))].sort();
  const changes: FileChange[] = [];
  for (const file of files) {
    await assertInside(root, file);
    const scanned = await session.text(file);
    const onDisk = await readTextFile(join(root, file));
    const bom = onDisk?.startsWith(BOM) === true && scanned?.startsWith(BOM) !== true ? BOM : '';
    if (scanned === undefined || onDisk !== bom + scanned) {
      throw new CliError(`${file} changed while it was scanned; run the command again.`, EXIT.incomplete);
    }
    let after = scanned;
    const own = edits.filter(edit => edit.span.file === file).sort((left, right) => right.span.start - left.span.start);
    for (const { span, text } of own) after = after.slice(0, span.start) + text + after.slice(span.end);
    if (after !== scanned) changes.push({ file, before: onDisk, after: bom + after });
  }
  for (const { file, text } of newFiles) {
    await assertInside(root, file);
    if ((await readTextFile(join(root, file))) !== undefined) {
      throw new CliError(`${file} exists already.`, EXIT.incomplete);
    }
    changes.push({ file, before: undefined, after: text });
  }
  return changes;
}

/** A change never leaves the folder, not even through a symbolic link. */
async function assertInside(root: string, file: string): Promise<void> {
  const parts = file.split('/');
  if (file === '' || parts.includes('..') || parts.includes('') || /[\\:]/.test(parts[0] ?? '')) {
    throw new CliError(`A fix names ${file}, which is outside of the folder.`, EXIT.incomplete);
  }
  for (let path = file; path !== '.'; path = dirname(path)) {
    const isLink = await lstat(join(root, path)).then(
      found => found.isSymbolicLink(),
      () => false,
    );
    if (isLink) throw new CliError(`${path} is a symbolic link and is not changed.`, EXIT.incomplete);
  }
}

function toPatch({ file, before, after }: FileChange): string {
  const patch = createTwoFilesPatch(before === undefined ? '/dev/null' : `a/${file}`, `b/${file}`, before ?? '', after);
  return patch.replace(/^=+\n/, '');
}
