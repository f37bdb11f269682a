/** What can go wrong at a sink. A sanitizer for one kind is not one for another. */
export const SINK_KINDS = [
  'sql',
  'command',
  'code',
  'path',
  'url',
  'redirect',
  'html',
  /** A query filter in which an object is an operator. */
  'operator',
  /** A record written as it came. */
  'record',
] as const;
export type SinkKind = (typeof SINK_KINDS)[number];

/** Kinds of sinks as bits: what a value is clean for. */
export type Mask = number;

export const NOTHING: Mask = 0;
export const EVERYTHING: Mask = (1 << SINK_KINDS.length) - 1;

export function maskOf(...kinds: readonly SinkKind[]): Mask {
  return kinds.reduce((mask, kind) => mask | (1 << SINK_KINDS.indexOf(kind)), NOTHING);
}

/** Proved to be a text: it cannot be an object any more. */
export const AS_TEXT: Mask = maskOf('operator', 'record');
/** Confined to a host or an origin. */
export const AS_TARGET: Mask = maskOf('url', 'redirect');
export const AS_PATH: Mask = maskOf('path');
