import type { VerifiedFix } from '../session/api.ts';
import type { Folder } from './folder.ts';
import type { FixView } from './protocol.ts';

const cache = new WeakMap<object, Map<string, Promise<readonly VerifiedFix[]>>>();

/** Verified fixes of a finding, the one to prefer first; computed once per report. */
export async function fixesOf(folder: Folder, fingerprint: string): Promise<readonly VerifiedFix[]> {
  const report = await folder.report();
  const known = cache.get(report) ?? new Map<string, Promise<readonly VerifiedFix[]>>();
  cache.set(report, known);
  const fixes = known.get(fingerprint) ?? folder.session.fixes(fingerprint);
  known.set(fingerprint, fixes);
  return [...(await fixes)].sort((a, b) => Number(b.kind === 'auto') - Number(a.kind === 'auto'));
}

export async function toFixView(folder: Folder, { id, title, kind, change }: VerifiedFix): Promise<FixView> {
  return { id, title, kind, edit: await folder.toEdit(change) };
}
