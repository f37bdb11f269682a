import { folderOf } from '../../common/path.ts';
import { rawHoles, type TemplateHole, type TemplateLanguage } from '../../common/template-holes.ts';
import { callsWhere } from '../link/call-index.ts';
import { evaluate } from '../link/evaluate.ts';
import type { Project } from '../link/project.ts';
import { stringOf } from '../link/values.ts';
import type { ExprOf } from '../model/facts.ts';
import { flowOf } from './expressions.ts';
import { reach } from './reach.ts';
import { CLEAN, isClean, join, readPath, type Taint } from './taint.ts';
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
    const home = project.packageOf(file);
    const near = named.filter(
      ({ path }) => project.packageOf(path) === home && (!isPage(path) || isPage(view) || rendersPages(project, file)),
    );
    if (near.length > 1) {
      // Of the same name in several folders: the one that stands in a folder of views itself.
      const roots = near.filter(({ path }) => !folderOf(path).replace(/^.*\b(?:views|templates)\b/, ''));
      return roots.length === 1 ? roots[0] : undefined;
    }
    return near[0];
  };
}

function isPage(path: string): boolean {
  return /\.html?$/i.test(path);
}

/** `app.engine('html', …)`, `app.set('view engine', 'html')`: a template may be a page that looks like any other. */
const pageEngines = callsWhere(
  ({ call: { f, a } }) =>
    f.k === 'mem' &&
    (f.n === 'engine' || f.n === 'set' || f.n === 'register') &&
    a.some(one => one.k === 'str' && /^\.?html?$/.test(one.v)),
);

function rendersPages(project: Project, file: string): boolean {
  const home = project.packageOf(file);
  return [...project.sources].some(
    ([path, facts]) => project.packageOf(path) === home && pageEngines(facts).length > 0,
  );
}

function withoutExtension(path: string): string {
  return path.replace(/\.\w+$/, '');
}

/** `res.render('search', { term })`: what a template writes into the page as it is, of `res.locals` as well. */
export function templateSinks(walk: Walk, e: ExprOf<'call'>, args: readonly Taint[]): void {
  const [view, given] = e.a;
  if (!view || e.f.k !== 'mem') return;
  const name = stringOf(evaluate(walk.program, walk.env, view));
  const template = name === undefined ? undefined : walk.solver.templates(walk.env.unit.path, name);
  if (!template) return;
  const values = args[1] ?? CLEAN;
  const { o, p } = e.f;
  const shared = flowOf(walk, { k: 'mem', o, n: 'locals', p, np: p });
  for (const { path, value } of template.holes) {
    const { start, end } = value;
    const arg = { file: template.path, start, end };
    // What is given to the template hides what stands among the locals.
    const isGiven = given?.k === 'obj' && given.props.some(one => one.k === 'prop' && one.n === path[0]);
    const taint = isGiven ? readPath(values, path) : join(readPath(values, path), readPath(shared, path));
    if (!isClean(taint)) reach(walk, e, 'html', TEMPLATE, given ?? view, taint, { stated: true, arg });
  }
}

/** Engines that get a template as a text, by API path: the language; `()` gets the values in a call of the result. */
const BY_TEXT: Readonly<Record<string, TemplateLanguage>> = {
  'ejs.render': 'ejs',
  'ejs.compile()': 'ejs',
  'pug.render': 'pug',
  'pug.compile()': 'pug',
  'nunjucks.renderString': 'nunjucks',
  'nunjucks.Environment#renderString': 'nunjucks',
  'mustache.render': 'handlebars',
  'handlebars.compile()': 'handlebars',
};

/** ``ejs.render(`<p><%- name %></p>`, { name })``: a page that is written in the program itself. */
export function inlineTemplateSinks(walk: Walk, e: ExprOf<'call'>, path: string, args: readonly Taint[]): void {
  const language = BY_TEXT[path];
  if (!language) return;
  const isCompiled = path.endsWith('()');
  const callee = isCompiled ? evaluate(walk.program, walk.env, e.f) : undefined;
  const text = isCompiled
    ? stringOf(callee?.k === 'api' ? (callee.made ?? callee.from?.made)?.args[0] : undefined)
    : e.a[0] && stringOf(evaluate(walk.program, walk.env, e.a[0]));
  const position = isCompiled ? 0 : 1;
  const given = e.a[position];
  const values = args[position];
  if (text === undefined || !given || !values || isClean(values) || !/<[a-z!]/i.test(text)) return;
  for (const { path: steps } of rawHoles(language, text)) {
    const value = readPath(values, steps);
    if (!isClean(value)) reach(walk, e, 'html', path, given, value, { stated: true });
  }
}
