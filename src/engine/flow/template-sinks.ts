import { folderOf } from '../../common/path.ts';
import { evaluate } from '../link/evaluate.ts';
import type { Project } from '../link/project.ts';
import { stringOf } from '../link/values.ts';
import type { TemplateHole } from '../model/artefacts/project.ts';
import type { ExprOf } from '../model/facts.ts';
import { reach } from './reach.ts';
import { isClean, readPath, type Taint } from './taint.ts';
import type { Walk } from './walk.ts';

/** What a sink in a template has for an API path. */
export const TEMPLATE = 'template';

/** A template with places that are not escaped. */
export interface RawTemplate {
  readonly path: string;
  readonly holes: readonly TemplateHole[];
}

/** Templates that a view's name stands for; none where it could be one of several. */
export type TemplatesByName = (file: string, view: string) => RawTemplate | undefined;

export function rawTemplates(project: Project): TemplatesByName {
  const byName = new Map<string, RawTemplate[]>();
  for (const { path, facts } of project.artefactsOf('template')) {
    if (facts.holes.length === 0) continue;
    const name = withoutExtension(path.slice(path.lastIndexOf('/') + 1));
    byName.set(name, [...(byName.get(name) ?? []), { path, holes: facts.holes }]);
  }
  return (file, view) => {
    const steps = withoutExtension(view.replace(/^(?:\.{0,2}\/)+/, ''));
    const named = (byName.get(steps.slice(steps.lastIndexOf('/') + 1)) ?? []).filter(({ path }) =>
      `/${withoutExtension(path)}`.endsWith(`/${steps}`),
    );
    const near = named.filter(({ path }) => project.packageOf(path) === project.packageOf(file));
    if (near.length > 1) {
      // Of the same name in several folders: the one that stands in a folder of views itself.
      const roots = near.filter(({ path }) => !folderOf(path).replace(/^.*\b(?:views|templates)\b/, ''));
      return roots.length === 1 ? roots[0] : undefined;
    }
    return near[0];
  };
}

function withoutExtension(path: string): string {
  return path.replace(/\.\w+$/, '');
}

/** `res.render('search', { term })`: what a template writes into the page as it is. */
export function templateSinks(walk: Walk, e: ExprOf<'call'>, args: readonly Taint[]): void {
  const [view, given] = e.a;
  const values = args[1];
  if (!view || !given || !values || isClean(values)) return;
  const name = stringOf(evaluate(walk.program, walk.env, view));
  const template = name === undefined ? undefined : walk.solver.templates(walk.env.unit.path, name);
  for (const { path, value } of template?.holes ?? []) {
    const { start, end } = value;
    const arg = { file: template!.path, start, end };
    reach(walk, e, 'html', TEMPLATE, given, readPath(values, path), { stated: true, arg });
  }
}
