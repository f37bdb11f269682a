import type { ChainLink, MiddlewareRole } from '../../link/endpoint.ts';
import { pathText } from '../../link/paths.ts';
import { constant, type ObjectValue, stringOf, type Value } from '../../link/values.ts';
import type { Span } from '../../model/span.ts';

/** One route of a contract together with what carries it out. */
export interface ContractRoute {
  readonly method: string;
  readonly path: Value;
  readonly contract: ObjectValue;
  readonly implementation: Value;
}

const DEPTH = 8;

/** Whether an object of a contract states a route, rather than a router of more of them. */
function isContractRoute(value: ObjectValue): boolean {
  return stringOf(value.props.get('method')) !== undefined && value.props.has('path');
}

/** The method that a route of a contract answers; undefined for what is no route. */
export function methodOfContract(value: Value | undefined): string | undefined {
  return value?.k === 'object' && isContractRoute(value)
    ? stringOf(value.props.get('method'))?.toUpperCase()
    : undefined;
}

/** Routes of a contract in its order, each with the member of the implementation of the same name. */
export function routesOf(contract: Value, implementation: Value, depth = 0): ContractRoute[] {
  if (contract.k !== 'object' || depth > DEPTH) return [];
  if (isContractRoute(contract)) {
    const method = methodOfContract(contract)!;
    return [{ method, path: contract.props.get('path')!, contract, implementation }];
  }
  return [...contract.props].flatMap(([name, inner]) => routesOf(inner, memberOf(implementation, name), depth + 1));
}

/** What implements a contract, where the value that holds both was kept: `s.router(contract, handlers)`. */
function handlersOf(value: Value): Value {
  return value.k === 'api' && value.path.endsWith('#router()') ? (value.made?.args[1] ?? value) : value;
}

function memberOf(whole: Value, name: string): Value {
  const value = handlersOf(whole);
  return (value.k === 'object' ? value.props.get(name) : undefined) ?? { k: 'unknown' };
}

/** A router of a contract under the prefix that its options give; every route gets it. */
export function withOptions(contract: Value, options: Value | undefined): Value {
  const prefix = options?.k === 'object' ? options.props.get('pathPrefix') : undefined;
  return prefix ? prefixed(contract, prefix, 0) : contract;
}

function prefixed(contract: Value, prefix: Value, depth: number): Value {
  if (contract.k !== 'object' || depth > DEPTH) return contract;
  if (!isContractRoute(contract))
    return { ...contract, props: new Map([...contract.props].map(([k, v]) => [k, prefixed(v, prefix, depth + 1)])) };
  const [before, own] = [pathText(prefix), pathText(contract.props.get('path'))];
  const path: Value =
    before.complete && own.complete
      ? constant(before.path + own.path)
      : { k: 'template', parts: [prefix, contract.props.get('path')!] };
  return { ...contract, props: new Map([...contract.props, ['path', path]]) };
}

const PARTS: readonly (readonly [string, MiddlewareRole])[] = [
  ['body', 'validates-body'],
  ['query', 'validates-query'],
  ['pathParams', 'validates-params'],
  ['headers', 'validates-headers'],
];

/** The parts of a request that a contract has schemas for are parsed before the handler runs. */
export function contractSteps(contract: ObjectValue, span: Span): ChainLink[] {
  const roles = PARTS.flatMap(([name, role]) => (isSchema(contract.props.get(name)) ? [role] : []));
  const why = 'the contract’s schemas are enforced';
  return roles.length ? [{ value: contract, roles, span, via: 'contract of the route', why, evidence: [] }] : [];
}

/** `c.type<T>()` says what a part is for the compiler alone. */
function isSchema(value: Value | undefined): boolean {
  if (!value || value.k === 'const') return false;
  return value.k !== 'api' || !/#(?:type|noBody)\(\)$|ContractNoBody$/.test(value.path);
}
