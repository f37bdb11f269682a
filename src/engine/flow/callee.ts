import { type ApiValue, alternatives, type Value } from '../link/values.ts';
import type { Walk } from './walk.ts';

/** Calls that give a function, or a module's functions, which answer in another way. */
const WRAPPERS = new Set(
  'node:util.promisify node:util.callbackify util.promisify util.promisify-all bluebird.promisify bluebird.promisifyAll es6-promisify es6-promisify.promisify es6-promisify-all es6-promisify.promisifyAll @gar/promisify @google-cloud/promisify.promisify @google-cloud/promisify.promisifyAll util-promisify pify thenify thenify-all thenify.withCallback thenify-all.withCallback util-promisifyall universalify.fromCallback universalify.fromPromise'.split(
    ' ',
  ),
);

/** What a wrapped callee runs in the end: functions of the project and members of libraries. */
export function calleesBehind(callee: Value): readonly Value[] {
  if (callee.k !== 'api') return [callee];
  const wrapped = unwrapped(callee);
  return wrapped ? wrapped.flatMap(calleesBehind) : [callee];
}

/** The API path a call is known by. */
export function apiPathOf(walk: Walk, callee: ApiValue): string {
  return walk.solver.adapters.canonical(callee.path);
}

function unwrapped(value: ApiValue): readonly Value[] | undefined {
  const { path, made, from } = value;
  // `exec.bind(childProcess)`
  if (path.endsWith('.bind()') && made) return baseOf(value, '.bind()');
  if (path.endsWith('()') && made && WRAPPERS.has(path.slice(0, -2))) return firstOf(made.args);
  const member = /^(.*)\(\)#([\w$]+)$/.exec(path);
  if (!from?.made || !member || !WRAPPERS.has(member[1]!)) return undefined;
  return firstOf(from.made.args)?.flatMap((one): Value[] =>
    one.k === 'api' ? [{ k: 'api', path: `${one.path}.${member[2]!.replace(/Async$/, '')}`, inst: false }] : [],
  );
}

function baseOf({ path }: ApiValue, end: string): readonly Value[] {
  return [{ k: 'api', path: path.slice(0, -end.length), inst: false }];
}

function firstOf([first]: readonly Value[]): readonly Value[] | undefined {
  return first && first.k !== 'unknown' ? alternatives(first) : undefined;
}

/** A library's object that is worth to be told apart when it is passed on: a request, or what answers it. */
export function isCarried(walk: Walk, value: Value): boolean {
  return value.k === 'api' && value.inst && walk.solver.isRequest(walk.solver.adapters.canonical(value.path));
}
