import type { Evidence } from '../model/finding.ts';
import type { Span } from '../model/span.ts';
import { AS_NUMBER, AS_TEXT, type Mask, maskOf } from './kinds.ts';

/** Who chose a value; `caller` is code outside of the workspace that calls a library, `started` whoever starts the program. */
export type Label = 'remote' | 'model' | 'queue' | 'stored' | 'caller' | 'started';

/** Where a value begins, seen from one function: at a source, or at something its caller decides. */
export type Root =
  | { readonly k: 'param'; readonly index: number }
  | { readonly k: 'this' }
  /** A variable of the function `scope` of the same file, in which this one is written. */
  | { readonly k: 'captured'; readonly scope: number; readonly name: string }
  /** An object of a library whose members may be sources: a request, a context. */
  | { readonly k: 'api'; readonly path: string; readonly checked: ReadonlySet<string> | undefined }
  /** What somebody before this function left on such an object, at the origin's path. */
  | { readonly k: 'left'; readonly on: string }
  | {
      readonly k: 'source';
      readonly key: string;
      /** Tells apart what has no path of its own: a number for where it is read. */
      readonly place?: number;
      readonly label: Label;
      readonly part: string;
      readonly isChecked: boolean;
      /** `part.path` of what is a number, a truth value or one of a list. */
      readonly plain?: ReadonlySet<string>;
    };

/** One way a value depends on a root. */
export interface Origin {
  /** Equal for the same value of the program, however often it is read or copied: root and path. */
  readonly id: string;
  readonly root: Root;
  /** Steps from the root, cut at `PATH_LIMIT`. */
  readonly path: readonly string[];
  /** Made into a text: it has no properties of its own any more. */
  readonly text: boolean;
  /** A parsed URL: its properties are texts of the same origin. */
  readonly parsed?: true;
  /** Read from a text: it may be an object wherever the text came from. */
  readonly json?: true;
  /** A path without `..` inside: only at its beginning, if at all. */
  readonly resolved?: true;
  /** A part of a text that was split, or searched for its parts. */
  readonly part?: true;
  /** Not the value itself, but what an object of ours holds under that name, which may be a part of a text. */
  readonly picked?: 'by name' | 'by text';
  /** In the text of an exception: written into it, or given to a function nobody can see, which may quote it. */
  readonly quoted?: 'thrown' | 'maybe';
  /** Known text in front of it, `HOLE` where something unknown stands. */
  readonly before: string;
  readonly mask: Mask;
  /** What made it clean for the kinds in `mask`. */
  readonly cleaned?: Evidence;
  /** For a source: the expression that reads it. */
  readonly at?: { readonly span: Span; readonly text: string };
  /** From the root on, in the order of the flow. */
  readonly steps: readonly Evidence[];
}

/** What is known of where a value and its properties come from. */
export interface Taint {
  readonly own: readonly Origin[];
  /** Properties that are known apart; `*` stands for any other, and for elements. */
  readonly fields: ReadonlyMap<string, Taint> | undefined;
}

export const HOLE = '\0';
export const ANY = '*';
/** A step from a text to the object that is read from it. */
const PARSED = '(parsed)';
export const CLEAN: Taint = { own: [], fields: undefined };

const PATH_LIMIT = 6;
const ORIGIN_LIMIT = 12;
const FIELD_LIMIT = 20;
const DEPTH_LIMIT = 3;
/** Values told apart within one, those without properties of their own included. */
const NODE_LIMIT = 60;
const STEP_LIMIT = 24;
const BEFORE_LIMIT = 600;
const COUNTS = new Set(['length', 'size', 'byteLength']);
/** Properties of a parsed URL that carry its text; a scheme or a port is no way in. */
/** Those in which quotes and angle brackets are percent-encoded. */
const ENCODED = new Set(['pathname', 'search', 'path']);
const AS_ENCODED = maskOf('html');
const OF_URL = new Set(['host', 'hostname', 'href', 'origin', 'pathname', 'search', 'searchParams', 'path', 'query']);

export function taintOf(origin: Origin): Taint {
  return { own: [origin], fields: undefined };
}

export function originOf(root: Root, path: readonly string[] = []): Origin {
  return { id: `${rootKey(root)}|${path.join('.')}`, root, path, text: false, before: '', mask: 0, steps: [] };
}

export function rootKey(root: Root): string {
  switch (root.k) {
    case 'param':
      return `p${root.index}`;
    case 'this':
      return 't';
    case 'captured':
      return `c${root.scope}:${root.name}`;
    case 'api':
      return `a${root.path}`;
    case 'left':
      return `l${root.on}`;
    default:
      return `s${root.key}:${root.place ?? ''}`;
  }
}

export function isClean(taint: Taint): boolean {
  return taint.own.length === 0 && taint.fields === undefined;
}

/** Joins what two ways through the program know. */
export function join(a: Taint, b: Taint): Taint {
  if (a === b || isClean(b)) return a;
  if (isClean(a)) return b;
  const out = deepJoin(a, b, 0);
  return out.fields && out !== a ? capped(out) : out;
}

function deepJoin(a: Taint, b: Taint, depth: number): Taint {
  if (a === b || isClean(b)) return a;
  if (isClean(a)) return b;
  const own = joinOrigins(a.own, b.own);
  if (a.fields === b.fields || depth >= DEPTH_LIMIT) return { own, fields: a.fields };
  let fields: Map<string, Taint> | undefined;
  for (const [name, one] of a.fields ?? []) {
    const next = deepJoin(one, b.fields?.get(name) ?? outside(b, name), depth + 1);
    if (next === one) continue;
    fields ??= new Map(a.fields);
    fields.set(name, next);
  }
  for (const [name, one] of b.fields ?? []) {
    if (a.fields?.has(name) || (fields ?? a.fields ?? NONE).size >= FIELD_LIMIT) continue;
    fields ??= new Map(a.fields);
    fields.set(name, deepJoin(one, outside(a, name), depth + 1));
  }
  // What adds nothing costs nothing: loops and wide objects are joined with themselves again and again.
  return fields || own !== a.own ? { own, fields: fields ?? a.fields } : a;
}

const NONE: ReadonlyMap<string, Taint> = new Map();

/** A property that is not told apart: it is what its object is. */
function outside({ own, fields }: Taint, name: string): Taint {
  if (own.length === 0) return fields?.get(ANY) ?? CLEAN;
  return { own: own.flatMap(origin => step(origin, name)), fields: undefined };
}

export function joinAll(taints: readonly Taint[]): Taint {
  return taints.reduce(join, CLEAN);
}

export function joinOrigins(a: readonly Origin[], b: readonly Origin[]): readonly Origin[] {
  if (a === b || b.length === 0) return a;
  if (a.length === 0) return b;
  if (b.every(one => a.includes(one))) return a;
  // Both are short: looking through them costs less than names for their members.
  const out: Origin[] = [];
  let isNew = false;
  for (const list of [a, b])
    for (const origin of list) {
      const at = out.findIndex(one => one === origin || isSame(one, origin));
      if (at === -1) {
        isNew ||= list === b && out.length < ORIGIN_LIMIT;
        out.push(origin);
      } else if (origin.steps.length < out[at]!.steps.length) {
        isNew = true;
        out[at] = origin;
      }
    }
  return isNew || a.length > ORIGIN_LIMIT ? out.slice(0, ORIGIN_LIMIT) : a;
}

function isSame(a: Origin, b: Origin): boolean {
  return a.mask === b.mask && a.text === b.text && a.id === b.id;
}

/** A property of a value. */
export function read(taint: Taint, name: string): Taint {
  if (isClean(taint) || isCount(taint, name)) return CLEAN;
  const known = taint.fields?.get(name);
  if (known && name !== ANY) return known;
  const own = taint.own.flatMap(origin => step(origin, name));
  const rest = name === ANY ? anyOf(taint) : taint.fields?.get(ANY);
  return rest ? join({ own, fields: undefined }, rest) : { own, fields: undefined };
}

/** Some element: with its own properties where all elements are told by one entry. */
function anyOf(taint: Taint): Taint | undefined {
  const { fields } = taint;
  if (!fields) return undefined;
  if (fields.size === 1) return fields.values().next().value;
  let found = elements.get(taint);
  if (!found) {
    found = joinAll([...fields.values()]);
    elements.set(taint, found);
  }
  return found;
}

/** Some element of a value, and properties of origins: values never change, so what is read of them does not either. */
const elements = new WeakMap<Taint, Taint>();
const properties = new WeakMap<Origin, Map<string, readonly Origin[]>>();

/** The object that a text says; a function that parses what it is given does so for the text of its caller. */
export function parsedFrom(origins: readonly Origin[]): readonly Origin[] {
  return origins.flatMap(origin => step(origin, PARSED));
}

/** What an object of ours holds under a name that somebody else chose. */
export function pickedBy(origins: readonly Origin[], mask: Mask): readonly Origin[] {
  return origins.flatMap(origin => {
    if (origin.root.k === 'api' || origin.picked || (origin.mask & mask) === mask) return [];
    const proof = INHERITED.startsWith(origin.before) ? 0 : maskOf('proto');
    const id = `${origin.id}!`;
    return [{ ...origin, id, picked: pickedAs(origin), text: false, before: '', mask: origin.mask | proof }];
  });
}

/** The name of what every object has: whatever stands before it in a text, it is another name. */
const INHERITED = '__proto__';

function pickedAs({ part, before }: Origin): 'by name' | 'by text' {
  return part && before === '' ? 'by text' : 'by name';
}

/** Where a reader of uploads put a file, and under which name, is its own choice. */
const STORED_AT = new Set(['path', 'destination', 'filepath', 'newFilename', 'tempFilePath']);

function step(origin: Origin, name: string): readonly Origin[] {
  if (origin.picked || (STORED_AT.has(name) && isUpload(origin))) return [];
  if (origin.quoted && (name === 'message' || name === 'stack')) return [origin];
  if (name === PARSED) {
    const { parsed: _parsed, ...rest } = origin;
    // What a check proved of the text says nothing of the object it stands for.
    const plain = { ...rest, text: false, json: true as const, before: '', mask: origin.mask & ~AS_TEXT };
    return isSource(origin) ? [{ ...plain, id: `${origin.id}()` }] : stepInto(plain, name);
  }
  if (origin.parsed && name !== 'query' && name !== 'searchParams')
    return OF_URL.has(name)
      ? [{ ...origin, text: true, mask: origin.mask | (ENCODED.has(name) ? AS_ENCODED : 0) }]
      : [];
  if (origin.parsed) return stepInto(withoutUrl(origin), name);
  return origin.text ? [] : stepInto(origin, name);
}

/** Numbers, whatever they are read from; but a field of a request may be called `size`. */
function isCount({ own }: Taint, name: string): boolean {
  return COUNTS.has(name) && !(name === 'size' && own.some(origin => isSource(origin) && !origin.text));
}

function isUpload({ root, text }: Origin): boolean {
  return !text && root.k === 'source' && root.part === 'files';
}

function isSource({ root }: Origin): boolean {
  return root.k === 'source';
}

/** The query of a parsed URL is an object of texts. */
function withoutUrl({ parsed: _parsed, ...origin }: Origin): Origin {
  return { ...origin, text: false, before: '' };
}

function stepInto(origin: Origin, name: string): readonly Origin[] {
  if (origin.path.length >= PATH_LIMIT) return [origin];
  let known = properties.get(origin);
  if (!known) {
    known = new Map();
    properties.set(origin, known);
  }
  let found = known.get(name);
  if (!found) {
    const path = [...origin.path, name];
    const next = { ...origin, id: `${rootKey(origin.root)}|${path.join('.')}`, path };
    found = [isPlain(next) ? clean(next, AS_NUMBER, undefined) : next];
    known.set(name, found);
  }
  return found;
}

/** A property that its schema says no text can be in; of a list, each element. */
function isPlain({ root, path }: Origin): boolean {
  if (root.k !== 'source' || !root.plain) return false;
  return root.plain.has([root.part, ...path.filter(name => name !== ANY && !/^\d+$/.test(name))].join('.'));
}

export function readPath(taint: Taint, path: readonly string[]): Taint {
  return path.reduce(read, taint);
}

/** The value with a property set; `weak` where the old one may remain. */
export function write(taint: Taint, path: readonly string[], value: Taint, weak: boolean): Taint {
  const [name, ...rest] = path;
  if (name === undefined) return weak ? join(taint, value) : value;
  if (isClean(value) && isClean(read(taint, name))) return taint;
  const fields = new Map(taint.fields);
  if (fields.size >= FIELD_LIMIT && !fields.has(name)) return taint;
  fields.set(name, write(read(taint, name), rest, value, weak || name === ANY));
  return capped({ own: taint.own, fields });
}

/** Every origin in a value and in its properties. */
export function everything(taint: Taint, depth = 0): readonly Origin[] {
  if (!taint.fields || depth > 4) return taint.own;
  return [...taint.fields.values()].reduce((all, one) => joinOrigins(all, everything(one, depth + 1)), taint.own);
}

/** The same value with fewer details, where it has got too deep or too wide to carry about. */
export function capped(taint: Taint): Taint {
  const budget = { left: NODE_LIMIT };
  const out = cap(taint, DEPTH_LIMIT, budget);
  return budget.left >= 0 ? out : { own: everything(out), fields: undefined };
}

function cap(taint: Taint, depth: number, budget: { left: number }): Taint {
  if (!taint.fields) return taint;
  budget.left -= taint.fields.size;
  if (depth === 0 || budget.left < 0) return { own: everything(taint), fields: undefined };
  let changed: Map<string, Taint> | undefined;
  for (const [name, one] of taint.fields) {
    const next = cap(one, depth - 1, budget);
    if (next === one) continue;
    changed ??= new Map(taint.fields);
    changed.set(name, next);
  }
  return changed ? { own: taint.own, fields: changed } : taint;
}

export function mapOrigins(taint: Taint, change: (origin: Origin) => Origin | undefined): Taint {
  if (isClean(taint)) return taint;
  let fields: Map<string, Taint> | undefined;
  if (taint.fields) {
    fields = new Map();
    for (const [name, one] of taint.fields) fields.set(name, mapOrigins(one, change));
  }
  return { own: taint.own.flatMap(origin => change(origin) ?? []), fields };
}

/** The location of a page is its address, where it is made a text. */
function addressOf(origin: Origin): Origin {
  if (origin.root.k !== 'api' || origin.root.path !== 'location' || origin.path.length > 0 || !origin.at) return origin;
  const root: Root = { k: 'source', key: 'location#href', label: 'remote', part: 'url', isChecked: false };
  return { ...origin, id: originOf(root).id, root };
}

/** The origins as parts of a text, behind `before`. */
export function asText(origins: readonly Origin[], before: string, mask: Mask): readonly Origin[] {
  return origins
    .flatMap(addressOf)
    .flatMap(origin =>
      origin.root.k === 'api' || origin.picked
        ? []
        : [{ ...origin, text: true, before: joinBefore(before, origin.before), mask: origin.mask | mask }],
    );
}

export function joinBefore(outer: string, inner: string): string {
  const whole = outer + inner;
  return whole.length <= BEFORE_LIMIT ? whole : whole.slice(0, 200) + HOLE + whole.slice(-350);
}

export function clean(origin: Origin, mask: Mask, by: Evidence | undefined): Origin {
  if ((origin.mask & mask) === mask) return origin;
  return { ...origin, mask: origin.mask | mask, ...(by ? { cleaned: by } : {}) };
}

export function withStep(taint: Taint, evidence: Evidence): Taint {
  return mapOrigins(taint, origin => ({ ...origin, steps: addSteps(origin.steps, [evidence]) }));
}

export function addSteps(steps: readonly Evidence[], more: readonly Evidence[]): readonly Evidence[] {
  if (more.length === 0) return steps;
  const out = [...steps];
  for (const one of more) {
    const last = out.at(-1);
    if (last && last.span.start === one.span.start && last.span.file === one.span.file && last.message === one.message)
      continue;
    if (out.length < STEP_LIMIT) out.push(one);
  }
  return out;
}

/** What an exception tells of values that were written into it, or given to who threw it. */
export function quotedIn(taint: Taint, quoted: 'thrown' | 'maybe'): Taint {
  const own = asText(everything(taint), '', 0).map(origin => ({ ...origin, quoted: origin.quoted ?? quoted }));
  return own.length > 0 ? { own, fields: undefined } : CLEAN;
}
