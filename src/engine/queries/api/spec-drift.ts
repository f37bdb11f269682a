import type { Endpoint } from '../../link/endpoint.ts';
import type { Model } from '../../link/model.ts';
import { normalisePath } from '../../link/paths.ts';
import type { Unit } from '../../link/units.ts';
import type { ApiOperation, OpenApiFacts } from '../../model/artefacts/api.ts';
import { answers, type BoundSpec, boundSpecs, fits, type SpecOperation, shapeOf } from './spec-routes.ts';

/** An OpenAPI document beside the routes that it describes. */
export interface SpecDrift {
  readonly path: string;
  readonly facts: OpenApiFacts;
  readonly unit: Unit;
  /** Routes that no document of the unit names, with the path they would have in it. */
  readonly undocumented: readonly { readonly route: Endpoint; readonly specPath: string }[];
  /** Operations that no route answers; `others` answer the path to another method. */
  readonly stale: readonly { readonly operation: ApiOperation; readonly others: readonly Endpoint[] }[];
  /** Operations whose path names a parameter that the route calls something else. */
  readonly renamed: readonly {
    readonly operation: ApiOperation;
    readonly route: Endpoint;
    readonly said: string;
    readonly own: string;
  }[];
}

/** Routes that are for the platform or for reading the document, not for its readers. */
const NOT_FOR_SPEC =
  /(?:^|\/)(?:health\w*|livez|liveness|readyz|readiness|ready|live|alive|ping|version|status|metrics|docs?|api-docs|swagger[\w.-]*|openapi[\w.-]*|redoc|favicon\.ico|robots\.txt|internal|_\w*|webhooks?|graphql|graphiql|debug)(?:\/|$)/i;
const UNSPOKEN_METHODS = new Set(['ALL', 'HEAD', 'OPTIONS', 'TRACE', 'CONNECT', 'USE']);

/** Compares every document that is written by hand with the service that it demonstrably describes. */
export function specDrifts(model: Model): SpecDrift[] {
  const bound = boundSpecs(model).filter(({ generated }) => !generated);
  return bound.map(spec => {
    const { path, facts, unit } = spec;
    const isWhole = unit.opaque === undefined && unit.routes.every(route => route.partial === undefined);
    const of = bound.filter(one => one.unit === unit);
    return {
      path,
      facts,
      unit,
      stale: isWhole ? staleIn(spec) : [],
      // Of several documents the first is where new routes go.
      undocumented: of[0] === spec ? undocumentedIn(spec, of) : [],
      renamed: spec.operations.flatMap(one => renamedIn(one) ?? []),
    };
  });
}

function staleIn({ operations }: BoundSpec): SpecDrift['stale'] {
  return operations.flatMap(({ operation, onPath, routes }) =>
    routes.length > 0 || operation.internal || UNSPOKEN_METHODS.has(operation.method.value)
      ? []
      : [{ operation, others: onPath }],
  );
}

function undocumentedIn({ unit, base }: BoundSpec, specs: readonly BoundSpec[]): SpecDrift['undocumented'] {
  const all = specs.flatMap(one => one.operations);
  return unit.routes.flatMap(route => {
    const shape = shapeOf(route.path);
    if (!isForSpec(route, shape, base)) return [];
    const isNamed = all.some(one => fits(shape, one.shape) && answers(route, one.operation.method.value));
    if (isNamed) return [];
    // Two spellings of one path may not stand in one document.
    const beside = all.find(one => one.shape === shape)?.operation.path.value;
    return [{ route, specPath: beside ?? specPathOf(route, base) }];
  });
}

/** Parameters of a path that the one route behind it calls something else. */
function renamedIn({ operation, routes }: SpecOperation): SpecDrift['renamed'][number] | undefined {
  const [route, more] = routes;
  if (!route || more || route.partial !== undefined) return undefined;
  const said = [...operation.path.value.matchAll(/\{(\w+)\}/g)].map(match => match[1]!);
  const own = [...normalisePath(route.path).matchAll(/:(\w+)/g)]
    .map(match => match[1]!)
    .slice(-said.length || Infinity);
  if (said.length === 0 || own.length !== said.length) return undefined;
  const at = said.findIndex((name, index) => plain(name) !== plain(own[index]!));
  return at === -1 ? undefined : { operation, route, said: said[at]!, own: own[at]! };
}

/** `user_id` and `userId` are one name in two styles. */
function plain(name: string): string {
  return name.replaceAll('_', '').toLowerCase();
}

function isForSpec({ method, path, partial, span }: Endpoint, shape: string, base: string): boolean {
  if (partial !== undefined || UNSPOKEN_METHODS.has(method) || /[*?(){}]/.test(shape)) return false;
  if (base && !(shape === shapeOf(base) || shape.startsWith(`${shapeOf(base)}/`))) return false;
  return path !== '/' && !NOT_FOR_SPEC.test(path) && !/\.\w{2,5}$/.test(path) && span.file !== '';
}

/** A route's path as the document writes it. */
function specPathOf({ path }: Endpoint, base: string): string {
  const parts = normalisePath(path).split('/');
  const rest = base ? parts.slice(base.split('/').length) : parts.slice(1);
  return `/${rest.map(part => part.replace(/^:(\w+)$/, '{$1}')).join('/')}`;
}
