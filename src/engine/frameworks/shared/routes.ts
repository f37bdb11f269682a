import type { Program } from '../../link/program.ts';
import { mayBeMissing, type RouterObject } from '../../link/router.ts';
import { spanBetween } from '../../link/spans.ts';
import { type ApiValue, alternatives, api, type CallSite, type Value } from '../../link/values.ts';
import type { Span } from '../../model/span.ts';

/** The method name of a call together with its first argument if that is short: `get('/x'`. */
export function methodSpan({ file, call }: CallSite): Span {
  return spanBetween(file, call.f.k === 'mem' ? call.f.np : call.f.p, call.f.p);
}

/** Where a call registers something at a router, and whether it may not happen where the router is there. */
export function registered(
  program: Program,
  router: RouterObject,
  site: CallSite,
): { span: Span; conditional: boolean } {
  return { span: methodSpan(site), conditional: mayBeMissing(router, program.branch) };
}

/** The alternatives of a path argument: arrays of paths, unions, or the one value. */
export function pathsOf(path: Value): readonly Value[] {
  if (path.k === 'array') return path.items.flatMap(pathsOf);
  if (path.k !== 'union') return [path];
  const texts = path.of.filter(isPath);
  // A text beside what cannot be told is what the path is by default.
  return texts.length === 1 && texts.length < path.of.length ? [path] : path.of.flatMap(pathsOf);
}

/** Whether a value is a path, or a list of paths. */
export function isPathValue(value: Value): boolean {
  const all = alternatives(value);
  // `options.base ?? ''`: where one way gives a text, so does the other.
  return all.some(isPath) && all.every(one => isPath(one) || one.k === 'unknown' || one.k === 'api');
}

function isPath(value: Value): boolean {
  return (
    value.k === 'template' ||
    value.k === 'regex' ||
    value.k === 'env' ||
    (value.k === 'const' && typeof value.v === 'string') ||
    (value.k === 'array' && value.items.length > 0 && value.items.every(isPathValue))
  );
}

/** Arrays of handlers laid out. */
export function flatValues(values: readonly Value[]): Value[] {
  return values.flatMap(value => (value.k === 'array' ? flatValues(value.items) : [value]));
}

/** Notes that a framework calls these functions with values of these API types, wrapped ones included. */
export function giveAll(program: Program, handlers: readonly Value[], types: readonly string[]): void {
  const params = types.map(path => api(path, true));
  for (const handler of handlers) {
    if (handler.k === 'func') program.giveParams(handler, params);
    else if (handler.k === 'api' && handler.made) giveAll(program, handler.made.args, types);
  }
}

/** Whether an option of a ready-made step's factory has a value. */
export function optionIs(made: ApiValue, name: string, wanted: boolean): boolean {
  const options = made.made?.args.find(arg => arg.k === 'object');
  const value = options?.k === 'object' ? options.props.get(name) : undefined;
  return value?.k === 'const' && value.v === wanted;
}

/** `handle(app)`: a router that answers under its own paths, given to the platform through a package's adapter. */
export function servesRouter(value: Value): boolean {
  return value.k === 'router' || (value.k === 'api' && (value.made?.args ?? []).some(arg => arg.k === 'router'));
}
