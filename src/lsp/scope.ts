import type { Finding } from '../engine/model/finding.ts';
import type { ScanReport } from '../session/api.ts';
import { filesChangedSince } from '../session/git.ts';
import type { Folder } from './folder.ts';
import { rootConfig } from './root-config.ts';
import type { ServerSettings } from './settings.ts';

/** Files that differ from the compared revision; undefined if git cannot tell, and then every file counts. */
type Changed = ReadonlySet<string> | undefined;

/** Which findings are reported; the whole workspace decides which are true. */
export interface EditorScope {
  readonly onlyChanged: boolean;
  /** Git is asked when somebody wants to know, and once. */
  changed(): Promise<Changed>;
  /** The answer, if anybody wanted to know. */
  readonly asked: Promise<Changed> | undefined;
}

interface Known {
  readonly report: ScanReport | undefined;
  readonly settings: ServerSettings;
  readonly scope: EditorScope;
}

const known = new WeakMap<Folder, Known>();

/** The scope of the folder's last report; the same object until a report, the settings or git say otherwise. */
export async function scopeOf(folder: Folder): Promise<EditorScope> {
  const { settings } = folder;
  const report = folder.last();
  const isCurrent = (each: Known): boolean => each.report === report && each.settings === settings;
  const before = known.get(folder);
  if (before && isCurrent(before)) return before.scope;
  const scope = await createScope(folder);
  // Whoever asked at the same time gets the same object.
  const other = known.get(folder);
  if (other && isCurrent(other)) return other.scope;
  known.set(folder, { report, settings, scope });
  return scope;
}

/** Asks git again, after a commit or a save; true if other files than before count as changed. */
export async function rescope(folder: Folder): Promise<boolean> {
  const before = known.get(folder);
  if (!before?.scope.asked) return false;
  const scope = await createScope(folder);
  if (sameFiles(await before.scope.asked, await scope.changed())) return false;
  known.set(folder, { ...before, scope });
  return true;
}

export async function inScope(scope: EditorScope, findings: readonly Finding[]): Promise<readonly Finding[]> {
  const changed = scope.onlyChanged ? await scope.changed() : undefined;
  return changed ? findings.filter(({ span }) => changed.has(span.file)) : findings;
}

/** The setting decides; where it asks for all files, the folder's configuration may still narrow it. */
async function createScope({ session, settings }: Folder): Promise<EditorScope> {
  const { scope } = await rootConfig(session);
  const configured = typeof scope === 'object' ? scope.since : '';
  let asked: Promise<Changed> | undefined;
  return {
    onlyChanged: settings.scope === 'changed' || configured !== '',
    changed() {
      asked ??= changedFiles(session.root, settings.compareWith || configured);
      return asked;
    },
    get asked() {
      return asked;
    },
  };
}

/** Without a revision: since the branch left the default branch of `origin`, else since the last commit. */
async function changedFiles(root: string, ref: string): Promise<Changed> {
  for (const each of ref === '' ? ['origin/HEAD', 'HEAD'] : [ref]) {
    const changed = await filesChangedSince(root, each);
    if (changed.ok) return changed.files;
  }
  return undefined;
}

function sameFiles(a: Changed, b: Changed): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a.size === b.size && [...a].every(file => b.has(file));
}
