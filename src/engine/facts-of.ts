import { artefactKind, readArtefact } from './artefacts/index.ts';
import { extract } from './facts/extract.ts';
import type { ArtefactFacts } from './model/artefacts.ts';
import type { FileFacts } from './model/facts.ts';
import { isSourcePath } from './syntax/parse.ts';

export type Facts = FileFacts | ArtefactFacts;

/**
 * Facts of one file, or undefined if no reader claims it. Depends on nothing but its arguments; apart from the rest of
 * the engine, so that a thread which only extracts loads no rules.
 */
export function factsOf(path: string, text: string): Facts | undefined {
  if (isSourcePath(path)) return extract(path, text);
  return artefactKind(path, text) ? readArtefact(path, text) : undefined;
}
