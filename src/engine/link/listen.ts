import type { Operation } from './operations.ts';
import { alternatives, type Value } from './values.ts';

/** Where a server listens, as far as the code says. */
export interface Listen {
  readonly operation: Operation;
  readonly port: PortSource;
  /** Hosts it may bind; empty if none is given, undefined if it cannot be told. */
  readonly hosts: readonly string[] | undefined;
}

/** A port that is written down, or read from the environment with what stands in for a missing variable. */
export interface PortSource {
  readonly literals: readonly number[];
  readonly env: readonly string[];
  /** False: it may be any port. */
  readonly known: boolean;
}

/** What a container sets a variable to: a text, null if it sets it to something that is not known, undefined if not. */
export type EnvLookup = (name: string) => string | null | undefined;

const CONVERSIONS = new Set(['Number()', 'parseInt()', 'Number.parseInt()', 'String()', 'Number', 'String']);

export function toListen(operation: Operation): Listen {
  const { port, host, options } = operation.args;
  const settings = options?.value ?? (port?.value.k === 'object' ? port.value : undefined);
  const given = settings?.k === 'object' ? settings : undefined;
  const portValue = given ? given.props.get('port') : settings ? ({ k: 'unknown' } as const) : port?.value;
  const hostValue = given ? (given.props.get('host') ?? given.props.get('hostname')) : host?.value;
  return {
    operation,
    port:
      portValue && !(given?.open && portValue.k === 'unknown')
        ? portSource(portValue)
        : { literals: [], env: [], known: false },
    hosts: given?.open && !hostValue ? undefined : hostsOf(hostValue),
  };
}

/** The ports it can end up on in a container; undefined if any is possible. */
export function effectivePorts({ port }: Listen, envOf: EnvLookup): readonly number[] | undefined {
  if (!port.known) return undefined;
  const ports: number[] = [];
  let defaults = port.env.length === 0;
  for (const name of port.env) {
    const value = envOf(name);
    if (value === null) return undefined;
    if (value === undefined || value === '') defaults = true;
    else if (/^\d+$/.test(value)) ports.push(Number(value));
    else return undefined;
  }
  if (defaults) ports.push(...port.literals);
  return ports.length ? ports : undefined;
}

function portSource(value: Value): PortSource {
  const literals: number[] = [];
  const env: string[] = [];
  let known = true;
  const visit = (one: Value, depth: number): void => {
    if (one.k === 'union') for (const part of alternatives(one)) visit(part, depth);
    else if (one.k === 'const') {
      const number = typeof one.v === 'string' && /^\d+$/.test(one.v) ? Number(one.v) : one.v;
      if (typeof number === 'number') literals.push(number);
      else if (one.v != null && one.v !== '') known = false;
    } else if (one.k === 'env') env.push(one.name);
    else if (one.k === 'api' && CONVERSIONS.has(one.path) && one.made?.args[0] && depth < 4)
      visit(one.made.args[0], depth + 1);
    else known = false;
  };
  visit(value, 0);
  return { literals, env, known: known && (literals.length > 0 || env.length > 0) };
}

function hostsOf(value: Value | undefined): readonly string[] | undefined {
  if (!value) return [];
  const out: string[] = [];
  for (const one of alternatives(value)) {
    if (one.k === 'const' && typeof one.v === 'string') out.push(one.v);
    else if (one.k === 'func' || (one.k === 'const' && (one.v == null || typeof one.v === 'number'))) continue;
    else return undefined;
  }
  return out;
}
