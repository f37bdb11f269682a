import type { Expr, ExprOf, Pos } from '../model/facts.ts';
import { PAGE } from './models/sources.ts';
import { sourceOf } from './sources.ts';
import { proved, type State } from './state.ts';
import {
  ANY,
  clean,
  join,
  mapOrigins,
  type Origin,
  originOf,
  type Root,
  read,
  readPath,
  type Taint,
  taintOf,
  write,
} from './taint.ts';
import { spanOf, textOf, type Walk } from './walk.ts';

/** What a function leaves on an object of the request, for those who get the object after it. */
export interface Left {
  /** API path of the object. */
  readonly on: string;
  readonly path: readonly string[];
  readonly value: Taint;
  /** What was there before may have stayed. */
  readonly weak: boolean;
}

/** What is written onto objects of the request at one point of a function, by object: what was there is `left`. */
export type Leaving = ReadonlyMap<string, Taint>;

interface Place {
  readonly on: string;
  readonly path: readonly string[];
}

/** How much one function leaves. */
export const LEFT_LIMIT = 40;
/** Stands for where something is read that only its reader knows. */
export const UNPLACED = -1;
const UNREAD: Expr = { k: 'unk', p: [UNPLACED, UNPLACED] };
const NOWHERE: Leaving = new Map();

/** The place on an object of the request that an origin stands for. */
export function placeOf({ root, path, text }: Origin): Place | undefined {
  if (text) return undefined;
  if (root.k === 'left') return { on: root.on, path };
  if (root.k !== 'api' || root.path.includes('(')) return undefined;
  const cut = root.path.indexOf('#');
  const on = cut === -1 ? root.path : root.path.slice(0, cut);
  if (PAGE.has(on)) return undefined;
  return { on, path: cut === -1 ? path : [...root.path.slice(cut + 1).split('.'), ...path] };
}

export function isOnRequest({ own }: Taint): boolean {
  return own.some(origin => placeOf(origin) !== undefined);
}

function leftOrigin(on: string, path: readonly string[]): Origin {
  return originOf({ k: 'left', on }, path);
}

/** A member of an object of the request: a source, an object on the way to one, or what somebody left there. */
export function membersOf(walk: Walk, origin: Origin & { root: Root & { k: 'api' } }, name: string, e: Expr): Origin[] {
  if (origin.path.length > 0) return [...met(walk, taintOf({ ...origin, path: [...origin.path, name] }), e).own];
  const known = sourceOf(walk, origin.root, name, e);
  if (known.length > 0 || name === ANY) return [...known];
  const place = placeOf(originOf(origin.root));
  if (!place) return [];
  return [{ ...leftOrigin(place.on, [...place.path, name]), at: { span: spanOf(walk, e), text: textOf(e) } }];
}

/** Members of a request's object that were read before it was known to be one; `e` is where, if that is in this function. */
export function met(walk: Walk, taint: Taint, e?: Expr): Taint {
  if (!taint.own.some(({ root, path }) => root.k === 'api' && path.length > 0)) return taint;
  return { own: taint.own.flatMap(origin => metOrigin(walk, origin, e)), fields: taint.fields };
}

function metOrigin(walk: Walk, origin: Origin, e: Expr | undefined): readonly Origin[] {
  if (origin.root.k !== 'api') return [origin];
  let found: readonly Origin[] = [{ ...origin, id: originOf(origin.root).id, path: [] }];
  const unread = { span: { file: walk.env.unit.path, start: UNPLACED, end: UNPLACED }, text: origin.path.join('.') };
  for (const name of origin.path)
    found = found.flatMap((one): readonly Origin[] => {
      if (!isApi(one)) return read({ own: [one], fields: undefined }, name).own;
      return membersOf(walk, one, name, e ?? UNREAD).map(({ id, root, path, at = unread }) => {
        return { ...origin, id, root, path, at: e ? at : unread };
      });
    });
  return found;
}

export function isApi(origin: Origin): origin is Origin & { root: Root & { k: 'api' } } {
  return origin.root.k === 'api';
}

/** `const { query } = req`: the member as it would be written. */
export function memberExpr(taint: Taint, name: string, p: Pos): ExprOf<'mem' | 'id'> {
  const at = taint.own.find(isApi)?.at;
  if (!at) return { k: 'id', n: name, s: 0, p };
  return { k: 'mem', o: { k: 'id', n: at.text, s: 0, p }, n: name, p, np: p };
}

/** A parameter that a library reads from an object of the request: `@CurrentUser() user`. */
export function leftAt(walk: Walk, path: string): Taint | undefined {
  const cut = path.indexOf('#');
  if (cut === -1 || path.includes('(') || !walk.solver.isRequest(path.slice(0, cut))) return undefined;
  return taintOf(leftOrigin(path.slice(0, cut), path.slice(cut + 1).split(/[#.]/)));
}

/** What the function has written onto objects of the request so far, and what it has proved of what was there. */
export function leaving({ state, writesOnRequest }: Walk): Leaving {
  const proofs = [...state.proved.values()].filter(
    ({ origin: { root, path } }) => root.k === 'left' && path.length > 0,
  );
  if (!writesOnRequest && proofs.length === 0) return NOWHERE;
  const out = new Map<string, Taint>();
  if (writesOnRequest)
    for (const taint of state.vars.values()) {
      const [origin] = taint.own;
      const place = taint.fields && taint.own.length === 1 ? placeOf(origin!) : undefined;
      if (!place) continue;
      const tree = treeAt(place, checkedBy(state, taint));
      const known = out.get(place.on);
      out.set(place.on, known ? join(known, tree) : tree);
    }
  for (const { origin, mask, by } of proofs) {
    const place = placeOf(origin);
    if (!place) continue;
    const tree = out.get(place.on) ?? taintOf(leftOrigin(place.on, []));
    const old = readPath(tree, place.path);
    if (old.fields === undefined && old.own.length === 1 && stands(old.own[0]!, place.on, place.path))
      out.set(place.on, write(tree, place.path, taintOf(clean(leftOrigin(place.on, place.path), mask, by)), false));
  }
  return out;
}

/** The object with nothing but this part of it known. */
function treeAt({ on, path }: Place, part: Taint): Taint {
  return path.reduceRight<Taint>(
    (inner, name, at) => ({ own: [leftOrigin(on, path.slice(0, at))], fields: new Map([[name, inner]]) }),
    part,
  );
}

/** A value and all in it in the light of the checks passed so far. */
function checkedBy(state: State, taint: Taint): Taint {
  const { own, fields } = proved(state, taint);
  return { own, fields: fields && new Map([...fields].map(([name, one]) => [name, checkedBy(state, one)])) };
}

/** What holds after a function, whichever way it let the request pass. */
export function leftBy(ways: readonly Leaving[]): Left[] {
  const out: Left[] = [];
  for (const on of new Set(ways.flatMap(way => [...way.keys()]))) {
    const nothing = taintOf(leftOrigin(on, []));
    collect(on, ways.map(way => way.get(on) ?? nothing).reduce(join), [], out);
  }
  return out;
}

function collect(on: string, node: Taint, path: readonly string[], out: Left[]): void {
  const own = node.own.filter(origin => !stands(origin, on, path));
  const isKept = own.length < node.own.length;
  if (path.length > 0 && (own.length > 0 || !isKept)) {
    out.push({ on, path, value: apart({ own, fields: isKept ? undefined : node.fields }), weak: isKept });
    if (!isKept) return;
  }
  for (const [name, one] of node.fields ?? [])
    if (name !== ANY || path.length > 0) collect(on, one, [...path, name], out);
}

/** Whether an origin says that what was there stays as it was. */
function stands(origin: Origin, on: string, path: readonly string[]): boolean {
  if (origin.mask !== 0) return false;
  const place = placeOf(origin);
  return place?.on === on && place.path.length === path.length && place.path.every((name, at) => name === path[at]);
}

/** The value without objects of the library itself. */
function apart(taint: Taint): Taint {
  return mapOrigins(taint, origin => {
    if (origin.root.k !== 'api') return origin;
    const place = origin.path.length > 0 ? placeOf(origin) : undefined;
    return place && { ...origin, ...leftOrigin(place.on, place.path) };
  });
}
