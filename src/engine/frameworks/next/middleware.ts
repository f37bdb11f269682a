import type { ChainLink } from '../../link/endpoint.ts';
import { exportsOf } from '../../link/exports.ts';
import { classify } from '../../link/guards.ts';
import { readsPath } from '../../link/path-tests.ts';
import type { Program } from '../../link/program.ts';
import type { Value } from '../../link/values.ts';
import type { Span } from '../../model/span.ts';
import { exportSpan } from '../shared/export-span.ts';
import { giveAll } from '../shared/routes.ts';
import { type Matcher, matcherOf } from './matcher.ts';

/** The function that runs before the routes of an application, and where. */
export interface NextMiddleware {
  readonly value: Value;
  readonly span: Span;
  readonly covers: Matcher;
}

const NAMES = ['proxy', 'middleware', 'default'];

export function middlewareOf(program: Program, file: string): NextMiddleware | undefined {
  const unit = program.units.get(file)!;
  const { names } = exportsOf(program, file);
  const name = NAMES.find(one => names.has(one));
  if (name === undefined) return undefined;
  const value = program.exported(file, name);
  giveAll(program, [value], ['next.Request']);
  const config = names.has('config') ? program.exported(file, 'config') : undefined;
  const matcher = config?.k === 'object' ? config.props.get('matcher') : config;
  return { value, span: exportSpan(unit, name), covers: matcherOf(matcher) };
}

/** What the middleware does for a route; where it decides by the path itself, nothing is proved either way. */
export function stepsFor(program: Program, { value, span, covers }: NextMiddleware, path: string): ChainLink[] {
  const covered = covers(path);
  if (covered === false) return [];
  const { roles, why, evidence } = classify(program, value);
  const protects = roles.some(role => role === 'authenticates' || role === 'authorizes' || role === 'limits-rate');
  const unsure = protects && (covered === undefined || readsPath(program, value));
  return [{ value, roles: unsure ? [...roles, 'unknown'] : roles, span, via: 'middleware', why, evidence }];
}
