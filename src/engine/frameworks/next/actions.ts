import { exportsOf } from '../../link/exports.ts';
import type { Program } from '../../link/program.ts';
import { createRouter, type RouterEntry, type RouterObject } from '../../link/router.ts';
import { spanAt } from '../../link/spans.ts';
import { constant, type FileUnit, type FuncValue, type Value } from '../../link/values.ts';
import type { FunctionFact } from '../../model/facts.ts';
import type { Span } from '../../model/span.ts';
import { exportSpan } from '../shared/export-span.ts';
import { giveAll } from '../shared/routes.ts';
import { builtAction, validationOf } from './action-clients.ts';
import { actionReach } from './action-reach.ts';

const DIRECTIVE = 'use server';
/** What a browser calls an action with: every argument is the caller's to choose. */
export const ACTION_INPUT = 'next.ActionInput';
/** Arguments looked at: more than a form's state, its data and what was bound before them are rare. */
const ARGUMENTS = 6;

/** Functions that a page's code calls over the network, by the directive of their file or of their own. */
export function discoverActions(program: Program): void {
  const { project, units } = program;
  if (!project.packages.some(one => project.dependsOn(one.path, 'next'))) return;
  let router: RouterObject | undefined;
  let reaches: ((unit: FileUnit) => boolean) | undefined;
  for (const unit of units.values()) {
    if (unit.facts.directives.includes(DIRECTIVE)) {
      reaches ??= actionReach(program);
      if (!reaches(unit)) continue;
    }
    const entries = entriesOf(program, unit);
    if (entries.length === 0) continue;
    if (!router) {
      router = createRouter('next', { file: unit.path, start: 0, end: 0 }, { app: true, protocol: 'rpc' });
      program.routers.push(router);
    }
    router.entries.push(...entries);
  }
}

function entriesOf(program: Program, unit: FileUnit): RouterEntry[] {
  const { directives, functions } = unit.facts;
  if (directives.includes(DIRECTIVE)) return exportedActions(program, unit);
  const inline = functions.filter(fn => fn.directives?.includes(DIRECTIVE));
  return inline.map((fn, position) => inlineAction(program, unit, fn, fn.name || `action-${position + 1}`));
}

function exportedActions(program: Program, unit: FileUnit): RouterEntry[] {
  return [...exportsOf(program, unit.path).names].flatMap(name => {
    const value = program.exported(unit.path, name);
    // Only functions can be called; a type that was passed on by name has no value.
    if (value.k === 'const' || value.k === 'object' || value.k === 'class' || value.k === 'array') return [];
    return [entryOf(program, unit, name, value, exportSpan(unit, name))];
  });
}

function inlineAction(program: Program, unit: FileUnit, fn: FunctionFact, name: string): RouterEntry {
  const { parent } = program.staticEnv(unit, fn);
  const value: FuncValue = { k: 'func', file: unit.path, fn, env: parent ?? unit.env };
  return entryOf(program, unit, name, value, spanAt(unit.path, fn.np));
}

function entryOf(program: Program, { path }: FileUnit, name: string, value: Value, span: Span): RouterEntry {
  const built = value.k === 'api' ? builtAction(value) : undefined;
  if (!built)
    giveAll(
      program,
      [value],
      Array.from({ length: ARGUMENTS }, () => ACTION_INPUT),
    );
  return {
    k: 'route',
    methods: ['ACTION'],
    path: constant(`${placeOf(program, path)}#${name}`),
    handlers: built ? [...built.steps, built.resolver] : [value],
    span,
    conditional: false,
    ...(built ? { judge: () => ({ steps: validationOf(built, span) }) } : {}),
  };
}

/** The file within its package, without what its path says of groups and extensions. */
function placeOf({ project }: Program, path: string): string {
  const folder = project.packageOf(path)?.folder ?? '';
  const own = folder ? path.slice(folder.length + 1) : path;
  return own.replace(/\.[cm]?[jt]sx?$/, '');
}
