import { classify } from '../../link/guards.ts';
import type { Program } from '../../link/program.ts';
import type { RouteVerdict } from '../../link/router.ts';
import { spanAt } from '../../link/spans.ts';
import { type ClassValue, UNKNOWN } from '../../link/values.ts';
import { addResolverClass, type Dialect, resolverClasses } from '../graphql/decorated.ts';
import { newSchema } from '../graphql/schema.ts';
import type { DecoratedMethod } from '../shared/decorated-methods.ts';
import { addGuards, coversRoute } from './judge.ts';
import { paramValues } from './params.ts';
import type { Serving } from './serving.ts';
import { validationSteps } from './validation.ts';

const NEST: Dialect = { module: '@nestjs/graphql', fieldResolver: 'ResolveField', parent: 'Parent' };
/** Where the GraphQL module answers unless it is told another path. */
const MOUNT = '/graphql';

/** Resolver classes become root fields of the application that provides them. */
export function discoverResolvers(program: Program, servings: readonly Serving[], complete: boolean): void {
  const served = new Set<ClassValue['cls']>();
  for (const serving of servings) {
    if (serving.graph.resolvers.length === 0) continue;
    const schema = newSchema(program, 'nest-graphql', serving.router.span);
    for (const cls of serving.graph.resolvers) {
      if (served.has(cls.cls)) continue;
      served.add(cls.cls);
      const judge = (method: DecoratedMethod): RouteVerdict => judgeField(program, serving, method);
      addResolverClass(program, schema, cls, NEST, judge, method => prepare(program, method));
    }
  }
  // Resolvers of no module known to be used: dead code where all modules are known, else with guards that are not.
  if (complete) return;
  const rest = resolverClasses(program, NEST).filter(({ cls }) => !served.has(cls));
  for (const cls of rest) {
    const schema = newSchema(program, 'nest-graphql', spanAt(cls.file, cls.cls.np));
    const graph = { controllers: [], resolvers: [], providers: [], steps: [], unresolved: undefined };
    const serving: Serving = { router: schema, graph, guards: [], pipes: [] };
    const judge = (method: DecoratedMethod): RouteVerdict => judgeField(program, serving, method);
    addResolverClass(program, schema, cls, NEST, judge, method => prepare(program, method));
    const partial = 'the module that provides this resolver could not be resolved';
    schema.entries.forEach((entry, at) => {
      schema.entries[at] = entry.k === 'route' ? { ...entry, partial } : entry;
    });
  }
}

function prepare(program: Program, { handler }: DecoratedMethod): void {
  program.giveParams(handler, paramValues(program, handler));
}

/** What stands before a field: module middleware of the GraphQL path, guards from the outside in, then pipes. */
function judgeField(program: Program, serving: Serving, method: DecoratedMethod): RouteVerdict {
  const out: { steps: RouteVerdict['steps'][number][]; isPublic: string | undefined } = {
    steps: [],
    isPublic: undefined,
  };
  const at = { ...method, serving, path: MOUNT, local: MOUNT, verb: 'POST' };
  for (const step of serving.graph.steps) {
    if (!coversRoute(step, at)) continue;
    for (const value of step.middleware)
      out.steps.push({ value, ...classify(program, value), span: step.span, via: 'middleware of a module' });
  }
  if (serving.graph.unresolved) {
    const why = serving.graph.unresolved;
    const { span } = serving.router;
    out.steps.push({ value: UNKNOWN, roles: ['unknown'], span, via: 'modules', why, evidence: [] });
  }
  addGuards(program, at, out);
  out.steps.push(...validationSteps(program, method.handler, serving.pipes));
  return out;
}
