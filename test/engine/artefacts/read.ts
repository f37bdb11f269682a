import assert from 'node:assert/strict';
import { readArtefact } from '../../../src/engine/artefacts/index.ts';
import type { ArtefactKind, ArtefactOf } from '../../../src/engine/model/artefacts.ts';
import type { TextRange } from '../../../src/engine/model/document.ts';

/** Reads a file that must be of the given kind. */
export function readAs<K extends ArtefactKind>(kind: K, path: string, text: string): ArtefactOf<K> {
  const facts = readArtefact(path, text);
  assert.equal(facts?.kind, kind);
  return facts as ArtefactOf<K>;
}

/** The text that a fact's range covers. */
export function cut(text: string, range: TextRange | undefined): string | undefined {
  return range && text.slice(range.start, range.end);
}

/** Values of settings or located names. */
export function values<T>(list: readonly { readonly value: T }[] | undefined): T[] | undefined {
  return list?.map(item => item.value);
}
