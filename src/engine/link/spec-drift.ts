import type { ApiOperation, OpenApiFacts } from '../model/artefacts/api.ts';
import type { Endpoint } from './endpoint.ts';
import type { Model } from './model.ts';
import { normalisePath } from './paths.ts';
import type { Unit } from './units.ts';

/** An OpenAPI document beside the routes that it describes. */
export interface SpecDrift {
  readonly path: string;
  readonly facts: OpenApiFacts;
  readonly unit: Unit;
  /** Routes that no document of the unit names, with the path they would have in it. */
  readonly undocumented: readonly { readonly route: Endpoint; readonly specPath: string }[];
  /** Operations that no route answers; `others` answer the path to another method. */
  readonly stale: readonly { readonly operation: ApiOperation; readonly others: readonly Endpoint[] }[];
}

/** Packages that write the document from the code: a committed one is a snapshot. */
const GENERATORS =
  /^(?:@nestjs\/swagger|@fastify\/swagger|fastify-swagger|tsoa|swagger-jsdoc|swagger-autogen|express-jsdoc-swagger|express-swagger-generator|@asteasolutions\/zod-to-openapi|@hono\/zod-openapi|hono-openapi|chanfana|fastify-zod-openapi|@elysiajs\/swagger|@ts-rest\/open-api|trpc-openapi|trpc-to-openapi|routing-controllers-openapi|@nestia\/.+|@samchon\/nestia|next-swagger-doc|@loopback\/.+|@zodios\/openapi|@sentool\/.+|@orpc\/openapi|@ts-rest\/core)$/;
/** Routes that are for the platform or for reading the document, not for its readers. */
const NOT_FOR_SPEC =
  /(?:^|\/)(?:health\w*|livez|liveness|readyz|readiness|ready|live|alive|ping|version|status|metrics|docs?|api-docs|swagger[\w.-]*|openapi[\w.-]*|redoc|favicon\.ico|robots\.txt|internal|_\w*|webhooks?|graphql|graphiql|debug)(?:\/|$)/i;
const UNSPOKEN_METHODS = new Set(['ALL', 'HEAD', 'OPTIONS', 'TRACE', 'CONNECT', 'USE']);

/** Compares every document with the service that it demonstrably describes. */
export function specDrifts(model: Model): SpecDrift[] {
  const bound = new Map<Unit, { path: string; facts: OpenApiFacts }[]>();
  for (const { path, facts } of model.project.artefactsOf('openapi')) {
    if (
      model.project.roleOf(path) !== 'source' ||
      facts.problems.length ||
      facts.unresolvedRefs ||
      facts.operations.length === 0
    )
      continue;
    const unit = describedUnit(model, path);
    if (!unit || unit.package?.facts.dependencies.some(({ name }) => GENERATORS.test(name.value))) continue;
    bound.set(unit, [...(bound.get(unit) ?? []), { path, facts }]);
  }
  return [...bound].flatMap(([unit, specs]) => compare(unit, specs));
}

/** The unit in the document's package, else the only one of the workspace that has routes. */
function describedUnit(model: Model, path: string): Unit | undefined {
  const serving = model.units.all.filter(unit => unit.routes.length > 0);
  const own = model.project.packageOf(path)?.folder ?? '';
  return serving.find(unit => unit.folder === own) ?? (serving.length === 1 ? serving[0] : undefined);
}

function compare(unit: Unit, specs: readonly { path: string; facts: OpenApiFacts }[]): SpecDrift[] {
  const routes = unit.routes.map(route => ({ route, shape: shapeOf(route.path) }));
  const described = specs.map(spec => {
    const base = baseOf(spec.facts, routes);
    const operations = spec.facts.operations.map(operation => {
      const shape = shapeOf(base + operation.path.value);
      const onPath = routes.filter(one => fits(one.shape, shape));
      const isServed = onPath.some(({ route }) => answers(route, operation.method.value));
      return { operation, shape, others: onPath.map(one => one.route), isServed };
    });
    return { ...spec, base, operations };
  });
  const all = described.flatMap(one => one.operations);
  const missing = all.filter(one => !one.isServed).length;
  // Mostly strange operations: the document is about something else.
  if (missing * 2 >= all.length) return [];
  return described.map(({ path, facts, base, operations }, index) => ({
    path,
    facts,
    unit,
    stale:
      unit.opaque === undefined && unit.routes.every(route => route.partial === undefined)
        ? operations.filter(
            ({ operation, isServed }) =>
              !isServed && !operation.internal && !UNSPOKEN_METHODS.has(operation.method.value),
          )
        : [],
    // Of several documents the first is where new routes go.
    undocumented:
      index > 0
        ? []
        : routes.flatMap(({ route, shape }) => {
            if (!isForSpec(route, shape, base)) return [];
            const isNamed = all.some(one => fits(shape, one.shape) && answers(route, one.operation.method.value));
            return isNamed ? [] : [{ route, specPath: specPathOf(route, base) }];
          }),
  }));
}

function isForSpec({ method, path, partial, span }: Endpoint, shape: string, base: string): boolean {
  if (partial !== undefined || UNSPOKEN_METHODS.has(method) || /[*?(){}]/.test(shape)) return false;
  if (base && !(shape === shapeOf(base) || shape.startsWith(`${shapeOf(base)}/`))) return false;
  return path !== '/' && !NOT_FOR_SPEC.test(path) && !/\.\w{2,5}$/.test(path) && span.file !== '';
}

/** What stands before a document's paths in the routes: a server's path, or the prefix with the most hits. */
function baseOf({ servers, operations }: OpenApiFacts, routes: readonly { shape: string }[]): string {
  const prefixes = routes.flatMap(({ shape }) => {
    const parts = shape.split('/');
    return [parts.slice(0, 2).join('/'), parts.slice(0, 3).join('/')];
  });
  const known = new Set(routes.map(one => one.shape));
  let best = '';
  let most = -1;
  for (const base of new Set([...servers.flatMap(server => server.basePath ?? []), '', ...prefixes])) {
    const hits = operations.filter(({ path }) => known.has(shapeOf(base + path.value))).length;
    if (hits > most) [best, most] = [base, hits];
  }
  return best;
}

/** A path with parameters as `:`. */
function shapeOf(path: string): string {
  return normalisePath(path).replace(/:\w+/g, ':');
}

/** Whether a route's shape answers a path; parameters and wildcards of the route take anything. */
function fits(route: string, wanted: string): boolean {
  if (route === wanted) return true;
  const own = route.split('/');
  const other = wanted.split('/');
  for (const [at, part] of own.entries()) {
    if (part.includes('*') || part.includes('{?}') || part.startsWith('(')) return true;
    const given = other[at];
    if (given === undefined || (part !== given && !(part === ':' && given !== ''))) return false;
  }
  return own.length === other.length;
}

function answers({ method }: Endpoint, wanted: string): boolean {
  return method === wanted || method === 'ALL' || (wanted === 'HEAD' && method === 'GET');
}

/** A route's path as the document writes it. */
function specPathOf({ path }: Endpoint, base: string): string {
  const parts = normalisePath(path).split('/');
  const rest = base ? parts.slice(base.split('/').length) : parts.slice(1);
  return `/${rest.map(part => part.replace(/^:(\w+)$/, '{$1}')).join('/')}`;
}
