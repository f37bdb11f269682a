import { HARMS } from '../model/harms.ts';

/** What can go wrong at a sink. A sanitizer for one kind is not one for another. */
export const SINK_KINDS = [
  /** Those that the settings may speak of. */
  ...HARMS,
  /** A record written as it came. */
  'record',
  /** An argument that a program may read as an option. */
  'option',
  /** XML of which entities are expanded. */
  'xml',
  /** A text that a regular expression runs over. */
  'matched',
  /** Data that is unpacked, however large it gets. */
  'inflate',
  /** An amount of memory or time. */
  'size',
  /** All options of a template engine. */
  'locals',
  /** An object chosen by its name is changed: the prototype of all objects has one. */
  'proto',
  /** An object merged into another, name by name, on all levels. */
  'merge',
  /** A function chosen by its name is called. */
  'method',
  /** Money that is moved. */
  'amount',
  /** The column that says whose a row is. */
  'owner',
  /** A part of what a language model is asked that is the program's to write; the sink says which. */
  'asked',
  /** A text that is read as JSON. */
  'parsed',
  /** What a request is answered with. */
  'answer',
  /** No sinks: halves of a proof that a path stays in its folder, `..` and a beginning at the root. */
  'dots',
  'absolute',
  /** No sink: a number, not a text with digits. */
  'number',
  /** A text is asked for what lists can do as well, with another answer. */
  'list',
  /** How often a loop runs. */
  'loop',
  /** The name of a header of an answer, or its content type. */
  'header',
  /** A text that says how others are written into it. */
  'format',
  /** The host of a link that is handed on to people. */
  'host',
] as const;
export type SinkKind = (typeof SINK_KINDS)[number];

/** Kinds of sinks as bits: what a value is clean for. There is room for 31. */
export type Mask = number;

/** Kinds that the same proofs end share a bit with an older one. */
const SHARED: Readonly<Partial<Record<SinkKind, SinkKind>>> = {
  list: 'locals',
  loop: 'size',
  header: 'xml',
  format: 'log',
  host: 'redirect',
};

export const NOTHING: Mask = 0;
export const EVERYTHING: Mask = 2 ** (SINK_KINDS.length - Object.keys(SHARED).length) - 1;

export function maskOf(...kinds: readonly SinkKind[]): Mask {
  return kinds.reduce((mask, kind) => mask | (1 << SINK_KINDS.indexOf(SHARED[kind] ?? kind)), NOTHING);
}

/** Of a form that does no harm. Who chose it is as before: a number can be the wrong price. */
export const AS_FORM: Mask = EVERYTHING & ~maskOf('amount', 'owner');
/** Proved to be a text: it cannot be an object any more. */
export const AS_TEXT: Mask = maskOf('operator', 'record', 'locals', 'merge', 'list');
/** Proved to be a list: as long as it was sent. */
export const AS_LIST: Mask = maskOf('list', 'loop');
/** Checked by a schema that is not looked into: no object and no list where a text or another shape is meant. */
export const AS_SHAPED: Mask = AS_TEXT | AS_LIST;
/** Proved to be a number. */
export const AS_NUMBER: Mask = AS_FORM & ~maskOf('size', 'loop');
/** No name that every object has. */
export const AS_OWN_NAME: Mask = maskOf('proto', 'method');
/** Confined to a host or an origin. */
export const AS_TARGET: Mask = maskOf('url', 'redirect');
export const AS_PATH: Mask = maskOf('path');
/** Too short to keep a pattern busy. */
export const AS_SHORT: Mask = maskOf('matched');

/** Whether a value with this mask, behind this text, is harmless for a kind. */
export function isCleanFor(kind: SinkKind, mask: Mask, before: string): boolean {
  if (mask & maskOf(kind)) return true;
  if (kind !== 'path' || !(mask & maskOf('dots'))) return false;
  return before !== '' || (mask & maskOf('absolute')) !== 0;
}
