import type { DockerStage } from '../model/artefacts/dockerfile.ts';
import type { TextEdit } from '../model/span.ts';
import { insertLinesAfter, insertLinesBefore } from './document.ts';
import { edit } from './source-style.ts';

/** Inserts an instruction where a stage ends its building: before ENTRYPOINT or CMD, after the last step that needs root. */
export function insertBeforeStart(file: string, text: string, stage: DockerStage, line: string): TextEdit {
  const last = stage.instructions.findLastIndex(({ keyword }) => BUILDS.has(keyword));
  const start = stage.instructions.findIndex(
    ({ keyword }, at) => at > last && (keyword === 'ENTRYPOINT' || keyword === 'CMD'),
  );
  const at = stage.instructions[start];
  return at ? insertLinesBefore(file, text, at.start, [line]) : insertLinesAfter(file, text, stage.end, [line]);
}

const BUILDS = new Set(['RUN', 'COPY', 'ADD', 'WORKDIR', 'VOLUME']);

/** Gives copied files to a user, where a COPY does not say whom they belong to. */
export function ownCopies(file: string, stage: DockerStage, owner: string): TextEdit[] {
  return stage.copies
    .filter(copy => !copy.flags.some(flag => flag.name === 'chown'))
    .map(({ start, keyword }) => edit(file, [start + keyword.length, start + keyword.length], ` --chown=${owner}`));
}

/** A command in exec form. */
export function execForm(words: readonly string[]): string {
  return `[${words.map(word => JSON.stringify(word)).join(', ')}]`;
}
