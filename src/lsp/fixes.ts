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

/**
 * The fix as a client gets it. A change beyond one file, or one that creates a file, asks to be looked at first where the
 * client can preview changes.
 */
export async function toFixView(
  folder: Folder,
  fix: VerifiedFix,
  canConfirm: boolean,
  always = false,
): Promise<FixView> {
  const edit = await folder.toEdit(fix.change);
  const files = new Set(fix.change.edits.map(({ span }) => span.file));
  const confirm = canConfirm && (always || files.size > 1 || fix.change.newFiles.length > 0);
  if (!confirm) return { id: fix.id, title: fix.title, kind: fix.kind, edit };
  return {
    id: fix.id,
    title: fix.title,
    kind: fix.kind,
    edit: {
      changeAnnotations: { underpin: { label: fix.title, needsConfirmation: true, description: 'Underpin' } },
      documentChanges: (edit.documentChanges ?? []).map(change =>
        'textDocument' in change
          ? {
              textDocument: change.textDocument,
              edits: change.edits.flatMap(each => ('newText' in each ? [{ ...each, annotationId: 'underpin' }] : [])),
            }
          : { ...change, annotationId: 'underpin' },
      ),
    },
  };
}
