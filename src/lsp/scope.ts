import type { Finding } from '../engine/model/finding.ts';
import { filesChangedSince } from '../session/git.ts';
import type { Folder } from './folder.ts';
import { rootConfig } from './root-config.ts';

/** Which findings are reported; the whole workspace decides which are true. */
export interface EditorScope {
  readonly onlyChanged: boolean;
  /** Files that differ from the compared revision; undefined if git cannot tell, and then every file counts. */
  readonly changed: ReadonlySet<string> | undefined;
}

/** The setting decides; where it asks for all files, the folder's configuration may still narrow it. */
export async function scopeOf({ session, settings }: Folder): Promise<EditorScope> {
  const { scope } = await rootConfig(session);
  const configured = typeof scope === 'object' ? scope.since : '';
  const onlyChanged = settings.scope === 'changed' || configured !== '';
  return { onlyChanged, changed: await changedFiles(session.root, settings.compareWith || configured) };
}

export function isInScope({ onlyChanged, changed }: EditorScope, { span }: Finding): boolean {
  return !onlyChanged || (changed?.has(span.file) ?? true);
}

/** Without a revision: since the branch left the default branch of `origin`, else since the last commit. */
async function changedFiles(root: string, ref: string): Promise<ReadonlySet<string> | undefined> {
  for (const each of ref === '' ? ['origin/HEAD', 'HEAD'] : [ref]) {
    const changed = await filesChangedSince(root, each);
    if (changed.ok) return changed.files;
  }
  return undefined;
}
