import type { ArtefactProblem } from '../../model/artefacts/base.ts';
import type { DocumentNode } from '../../model/document.ts';

/** What a parser of a data format gives: as much of the tree as could be read, and what was wrong. */
export interface ParsedTree {
  readonly root?: DocumentNode;
  readonly problems: readonly ArtefactProblem[];
}

/** More problems than this tell a person nothing new. */
export const MAX_PROBLEMS = 10;

/** Aliases and merge keys can make a small file expand without end, so a tree stops growing here. */
export const MAX_NODES = 400_000;
