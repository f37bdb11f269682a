import type { Reaching } from '../flow/findings.ts';
import type { Model } from '../link/model.ts';
import type { Span } from '../model/span.ts';
import type { FixDraft } from '../rules/rule.ts';
import { readInPlace, wrapped } from './in-place.ts';
import { addDependency } from './package-dependency.ts';
import { insertImport } from './source-import.ts';
import { edit } from './source-style.ts';

const LIBRARY = 'escape-html';

/** Escapes what comes from a sender where it is put into the HTML; only values that are read right there. */
export function escapeInPlace(model: Model, reached: Reaching): FixDraft[] {
  const holes = readInPlace(reached);
  if (!holes) return [];
  const { file } = reached.span;
  return [
    {
      title: 'Escape it',
      kind: 'auto',
      change({ text }) {
        const source = text(file);
        const facts = model.project.sources.get(file);
        if (source === undefined || !facts) return undefined;
        const wish = { module: LIBRARY, name: 'default', local: 'escapeHtml' };
        const loaded = insertImport(file, source, facts, wish);
        if (!loaded) return undefined;
        const escaped = holes.map(hole => wrapped(source, hole, loaded.local));
        const declared = addDependency(model.project, text, file, LIBRARY, '^1.0.3');
        return { edits: [...loaded.edits, ...escaped, ...declared], newFiles: [] };
      },
    },
  ];
}

/** Lets the template engine escape what is written at a place of a template. */
export function escapeInTemplate({ project }: Model, { file, start }: Span): FixDraft[] {
  const template = project.artefactsOf('template').find(({ path }) => path === file);
  const hole = template?.facts.holes.find(({ value }) => value.start === start);
  if (!hole) return [];
  return [
    {
      title: 'Let the template escape it',
      kind: 'suggest',
      change: () => ({
        edits: hole.escape.map(({ start, end, text }) => edit(file, [start, end], text)),
        newFiles: [],
      }),
    },
  ];
}
