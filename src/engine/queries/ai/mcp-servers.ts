import type { Endpoint } from '../../link/endpoint.ts';
import type { Model } from '../../link/model.ts';
import type { Operation } from '../../link/operations.ts';
import { stringOf, type Value } from '../../link/values.ts';
import type { Evidence } from '../../model/finding.ts';

/** Tools of a language model that can be called over HTTP by whoever reaches the server. */
export interface ExposedTools {
  readonly routes: readonly Endpoint[];
  /** Undefined where nothing says where the server listens. */
  readonly listen: Operation | undefined;
  /** It listens on this machine alone, where pages in a browser still reach it. */
  readonly isLocal: boolean;
  readonly evidence: Evidence;
}

const LOCAL = /^(?:127\.\d+\.\d+\.\d+|localhost|::1)$/;

export function exposedTools(model: Model): ExposedTools[] {
  const { project, reached, operations, settings } = model;
  const unitOf = (file: string): string => project.packageOf(file)?.folder ?? '';
  const byUnit = new Map<string, { routes: Set<Endpoint>; serves: Operation[] }>();
  for (const operation of operations('mcp-serve')) {
    const unit = unitOf(operation.file);
    const known = byUnit.get(unit) ?? { routes: new Set(), serves: [] };
    byUnit.set(unit, known);
    known.serves.push(operation);
    for (const endpoint of reached.get(operation.fn)?.endpoints ?? []) known.routes.add(endpoint);
  }
  return [...byUnit].flatMap(([unit, { routes, serves }]): ExposedTools[] => {
    const open = [...routes].filter(
      ({ auth, partial, method }) => auth === 'no' && partial === undefined && method !== 'DELETE',
    );
    if (open.length === 0 || settings.configOf(unit).facts?.externalAuth) return [];
    const listen = operations('listen').find(({ file }) => unitOf(file) === unit);
    const host = listen?.args['host']?.value;
    const isLocal = LOCAL.test(stringOf(host) ?? '');
    // A host that is computed may be this machine's.
    if (host && !isLocal && stringOf(host) === undefined && !isFunction(host)) return [];
    if (isLocal && serves.every(({ args }) => checksHost(args['options']?.value))) return [];
    return [
      { routes: open, listen, isLocal, evidence: { span: serves[0]!.span, message: 'requests reach the tools here' } },
    ];
  });
}

/** Options that refuse requests under other hosts' names; what cannot be seen may. */
function checksHost(options: Value | undefined): boolean {
  if (!options) return false;
  if (options.k !== 'object') return !(options.k === 'const' && options.v === undefined);
  const flag = options.props.get('enableDnsRebindingProtection');
  return flag ? !(flag.k === 'const' && !flag.v) : options.open;
}

/** `listen(port, callback)`: no host was given. */
function isFunction(value: Value): boolean {
  return value.k === 'func';
}
