import type { Reaching } from '../flow/findings.ts';
import type { FixDraft } from '../rules/rule.ts';
import { readInPlace, wrapped } from './in-place.ts';
import { insertImport } from './source-import.ts';

/** Uses only the last name of a path that a sender gives: no folder above, and none below. */
export function lastNameOnly(reached: Reaching): FixDraft[] {
  const places = readInPlace(reached);
  const { file } = reached.span;
  // A whole path that comes from the request is meant to hold folders.
  if (
    !places ||
    reached.flows.some(
      ({ before, source }) => before === '' || source.part === 'archive' || /Entry|Headers/.test(source.api),
    )
  )
    return [];
  return [
    {
      title: 'Use its last name only',
      kind: 'suggest',
      change({ model, text }) {
        const source = text(file);
        const facts = model.project.sources.get(file);
        if (source === undefined || !facts) return undefined;
        const path = facts.imports.find(({ module, name }) => /^(?:node:)?path$/.test(module) && name !== 'basename');
        const known = path && (path.name === 'default' || path.name === '*') ? `${path.local}.basename` : undefined;
        const loaded = known
          ? { local: known, edits: [] }
          : insertImport(file, source, facts, { module: path?.module ?? 'node:path', name: 'basename' });
        if (!loaded) return undefined;
        const edits = places.map(place => wrapped(source, place, loaded.local));
        return { edits: [...loaded.edits, ...edits], newFiles: [] };
      },
    },
  ];
}
