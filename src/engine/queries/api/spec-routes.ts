import type { Endpoint } from '../../link/endpoint.ts';
import { perModel } from '../../link/kept/per-model.ts';
import type { Model } from '../../link/model.ts';
import { normalisePath } from '../../link/paths.ts';
import type { Unit } from '../../link/units.ts';
import type { ApiOperation, OpenApiFacts } from '../../model/artefacts/api.ts';
import type { TextRange } from '../../model/document.ts';

/** An operation of a document with the routes of the service that have its path. */
export interface SpecOperation {
  readonly operation: ApiOperation;
  /** Its whole path as routes write it, parameters as `:`. */
  readonly shape: string;
  /** Routes that answer it. */
  readonly routes: readonly Endpoint[];
  /** Routes that answer the path to any method. */
  readonly onPath: readonly Endpoint[];
}

/** An OpenAPI document bound to the service that it demonstrably describes. */
export interface BoundSpec {
  readonly path: string;
  readonly facts: OpenApiFacts;
  readonly unit: Unit;
  /** What stands before the document's paths in the routes. */
  readonly base: string;
  readonly operations: readonly SpecOperation[];
  /** A package writes the document from the code: a committed one is a snapshot. */
  readonly generated: boolean;
}

const GENERATORS =
  /^(?:@nestjs\/swagger|@fastify\/swagger|fastify-swagger|tsoa|swagger-jsdoc|swagger-autogen|express-jsdoc-swagger|express-swagger-generator|@asteasolutions\/zod-to-openapi|@hono\/zod-openapi|hono-openapi|chanfana|fastify-zod-openapi|@elysiajs\/swagger|@ts-rest\/open-api|trpc-openapi|trpc-to-openapi|routing-controllers-openapi|@nestia\/.+|@samchon\/nestia|next-swagger-doc|@loopback\/.+|@zodios\/openapi|@sentool\/.+|@orpc\/openapi|@ts-rest\/core)$/;

/** Every document that is complete in itself, beside the service most of whose routes it names. */
export const boundSpecs: (model: Model) => readonly BoundSpec[] = perModel(bind);

function bind(model: Model): BoundSpec[] {
  const byUnit = new Map<Unit, { path: string; facts: OpenApiFacts }[]>();
  for (const { path, facts } of model.project.artefactsOf('openapi')) {
    const isWhole = facts.problems.length === 0 && !facts.unresolvedRefs && facts.operations.length > 0;
    const unit = isWhole && model.project.roleOf(path) === 'source' ? describedUnit(model, path) : undefined;
    if (unit) byUnit.set(unit, [...(byUnit.get(unit) ?? []), { path, facts }]);
  }
  return [...byUnit].flatMap(([unit, specs]) => joined(unit, specs));
}

/** The unit in the document's package, else the only one of the workspace that has routes. */
function describedUnit(model: Model, path: string): Unit | undefined {
  const serving = model.units.all.filter(unit => unit.routes.length > 0);
  const own = model.project.packageOf(path)?.folder ?? '';
  return serving.find(unit => unit.folder === own) ?? (serving.length === 1 ? serving[0] : undefined);
}

function joined(unit: Unit, specs: readonly { path: string; facts: OpenApiFacts }[]): BoundSpec[] {
  const routes = unit.routes.map(route => ({ route, shape: shapeOf(route.path) }));
  const generated = unit.package?.facts.dependencies.some(({ name }) => GENERATORS.test(name.value)) ?? false;
  const bound = specs.map(spec => {
    const base = baseOf(spec.facts, routes);
    const operations = spec.facts.operations.map(operation => {
      const shape = shapeOf(base + operation.path.value);
      const onPath = routes.filter(one => fits(one.shape, shape)).map(one => one.route);
      return { operation, shape, onPath, routes: onPath.filter(route => answers(route, operation.method.value)) };
    });
    return { ...spec, unit, base, operations, generated };
  });
  // Mostly strange operations: the document is about something else.
  return bound.filter(
    ({ operations }) => operations.filter(one => one.routes.length === 0).length * 2 < operations.length,
  );
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
export function shapeOf(path: string): string {
  return normalisePath(path).replace(/:\w+/g, ':');
}

/** Whether a route's shape answers a path; parameters and wildcards of the route take anything. */
export function fits(route: string, wanted: string): boolean {
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

/** Whether a route answers requests of a method. */
export function answers({ method }: Endpoint, wanted: string): boolean {
  return method === wanted || method === 'ALL' || (wanted === 'HEAD' && method === 'GET');
}

/** Where a document states an operation's method; its path where a tool left the method without a place. */
export function methodRange({ method, path }: ApiOperation): TextRange {
  return method.start < method.end ? method : path;
}
