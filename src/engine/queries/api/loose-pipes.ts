import type { Endpoint } from '../../link/endpoint.ts';
import type { Model } from '../../link/model.ts';
import type { Operation } from '../../link/operations.ts';
import type { Value } from '../../link/values.ts';
import type { Span } from '../../model/span.ts';

/** A pipe that checks declared properties and keeps all others, before a route that writes to a database. */
export interface LoosePipe {
  readonly operation: Operation;
  readonly writes: Endpoint;
  readonly at: Span;
}

const WRITES = new Set(['create', 'update', 'upsert']);

export function loosePipes(model: Model): LoosePipe[] {
  const { project, operations, reached } = model;
  const unitOf = (file: string): string => project.packageOf(file)?.folder ?? '';
  const pipes = operations('validation-pipe');
  const loose = pipes.filter(isLoose);
  if (loose.length === 0) return [];
  const out: LoosePipe[] = [];
  for (const unit of new Set(loose.map(({ file }) => unitOf(file)))) {
    // Where some pipes are strict, a loose one may be the exception that somebody meant.
    const own = pipes.filter(({ file }) => unitOf(file) === unit);
    if (!own.every(isLoose)) continue;
    for (const { is, fn, span } of operations('db')) {
      if (!WRITES.has(String(is['action']))) continue;
      const writes = reached
        .get(fn)
        ?.endpoints.find(
          endpoint =>
            endpoint.unit === unit &&
            endpoint.method !== 'GET' &&
            endpoint.chain.some(({ roles }) => roles.includes('validates-body')),
        );
      if (!writes) continue;
      out.push({ operation: own[0]!, writes, at: span });
      break;
    }
  }
  return out;
}

function isLoose({ args, site }: Operation): boolean {
  if (site.call.a.some(arg => arg.k === 'spread')) return false;
  const options: Value = args['options']?.value ?? { k: 'const', v: undefined };
  if (options.k === 'const') return options.v === undefined;
  if (options.k !== 'object') return false;
  const whitelist = options.props.get('whitelist');
  return whitelist ? whitelist.k === 'const' && !whitelist.v : !options.open;
}
