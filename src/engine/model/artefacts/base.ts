import type { TextRange } from '../document.ts';

/** Why a reader could not read all of a file. The message names the place's kind, never its text. */
export interface ArtefactProblem extends TextRange {
  readonly message: string;
}

export interface ArtefactBase {
  /** Not empty: the facts may be partial, so rules about what is absent must stay silent. */
  readonly problems: readonly ArtefactProblem[];
}

/** A command line as a list of words (`exec`) or as one string for a shell (`shell`, then `words` has that one string). */
export interface CommandLine extends TextRange {
  readonly form: 'exec' | 'shell';
  readonly words: readonly { readonly value: string | null; readonly start: number; readonly end: number }[];
}
