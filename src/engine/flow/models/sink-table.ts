import type { SinkKind } from '../kinds.ts';

/** A sink of a call no adapter speaks for. */
export interface CallSink {
  readonly kind: SinkKind;
  /** Position of the argument; `RECEIVER` for the object the method is called on, `ALL` for every argument. */
  readonly arg: number;
  /** The property of that argument. */
  readonly property?: string;
  /** Only where the first argument is a text like this. */
  readonly first?: RegExp;
  /** Only where a shell is asked for. */
  readonly shell?: true;
  /** Only where the call's options state one of these as true. */
  readonly switched?: readonly string[];
  /** Not where the call's options state one of these. */
  readonly unless?: readonly string[];
  /** Only with further arguments behind the first. */
  readonly filled?: true;
  /** Only numbers. */
  readonly numeric?: true;
  /** Only in versions below this one of the package. */
  readonly below?: string;
}

export const RECEIVER = -1;
export const ALL = -2;

export type Table = Record<string, readonly CallSink[]>;

/** The same sinks for several members: `each('node:vm.', 'Script runInContext', { kind: 'code', arg: 0 })`. */
export function each(prefix: string, names: string, ...sinks: readonly CallSink[]): Table {
  return Object.fromEntries(names.split(' ').map(name => [prefix + name, sinks]));
}

export function joined(tables: readonly Table[]): Table {
  return Object.assign({}, ...tables);
}

export function packages(names: string, ...sinks: readonly CallSink[]): Table {
  return each('', names, ...sinks);
}
