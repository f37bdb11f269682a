import { operationDependsOnStage } from '../../link/conditions.ts';
import { definition } from '../../link/literals.ts';
import type { Model } from '../../link/model.ts';
import { JUDGED_BY_FIELD } from '../../link/mount-guards.ts';
import type { Operation } from '../../link/operations.ts';
import { configuredReason } from '../../link/route-marks.ts';
import { spanIn } from '../../link/values.ts';
import type { Expr } from '../../model/facts.ts';
import type { Span } from '../../model/span.ts';
import { takesOnlyKnown } from './known-operations.ts';
import { driverOf, isGateway, isSubgraph } from './larger-graph.ts';
import { withoutStage } from './production-stage.ts';

/** A switch of a GraphQL server that shows its schema or an IDE to anyone. */
export interface OpenSwitch {
  readonly operation: Operation;
  readonly name: string;
  readonly span: Span;
  /** The literal `true`, if it stands in the call's own file. */
  readonly literal: Expr | undefined;
  /** A part of a larger graph, whose router asks for the schema in its own way. */
  readonly isSubgraph: boolean;
  /** The settings say that the API is meant for everybody. */
  readonly isForAll: boolean;
}

const SWITCHES = ['introspection', 'playground', 'graphiql', 'graphqlPlayground'];
/** Apollo Server and what Nest builds on it look at `NODE_ENV` unless they are told otherwise. */
const BY_STAGE = new Set<unknown>(['apollo', 'nest']);

/** The first switch of each server that is on whatever the stage. */
export function openSwitches(model: Model): OpenSwitch[] {
  return model.operations('graphql-server').flatMap(operation => {
    const arg = operation.args['options'];
    const options = arg?.value;
    if (!arg || options?.k !== 'object' || operationDependsOnStage(operation)) return [];
    if (isGateway(options) || takesOnlyKnown(options) || isBehindGuards(model, operation)) return [];
    const on = SWITCHES.find(name => {
      const value = options.props.get(name);
      return value?.k === 'object' ? true : value?.k === 'const' && (value.v === true || value.v === 'graphiql');
    });
    if (on === undefined) return [];
    const about = { operation, name: on, isSubgraph: isSubgraph(options), isForAll: isForAll(model, operation) };
    const place = definition(model.program, { env: arg.env, expr: arg.expr });
    const property =
      place.expr.k === 'obj' ? place.expr.props.findLast(one => one.k === 'prop' && one.n === on) : undefined;
    if (property?.k !== 'prop') return [{ ...about, span: operation.span, literal: undefined }];
    const literal = property.v.k === 'bool' && place.env.unit.path === operation.file ? property.v : undefined;
    return [{ ...about, span: spanIn(place.env, property.p), literal }];
  });
}

/** Servers that leave introspection to the stage, while nothing they are deployed with sets one. */
export function defaultSwitches(model: Model): { readonly operation: Operation; readonly deployed: Span }[] {
  return model.operations('graphql-server').flatMap(operation => {
    const options = operation.args['options']?.value;
    if (!BY_STAGE.has(operation.is['server']) || options?.k !== 'object' || options.open) return [];
    if (operation.is['server'] === 'nest' && !/Apollo\w*Driver$/.test(driverOf(options))) return [];
    if (options.props.has('introspection') || operationDependsOnStage(operation)) return [];
    if (isGateway(options) || takesOnlyKnown(options) || isBehindGuards(model, operation)) return [];
    if (isSubgraph(options) || isForAll(model, operation)) return [];
    const unit = model.unitOf(operation.file);
    const deployed = unit && withoutStage(model, unit);
    return deployed ? [{ operation, deployed }] : [];
  });
}

function mountsOf({ endpoints, project }: Model, { file }: Operation): Model['endpoints'] {
  const folder = project.packageOf(file)?.folder ?? '';
  return endpoints.filter(one => one.isPublic === JUDGED_BY_FIELD && one.unit === folder);
}

/** Whoever asks for the schema has passed a guard first. */
function isBehindGuards(model: Model, operation: Operation): boolean {
  const mounts = mountsOf(model, operation);
  return mounts.length > 0 && mounts.every(({ auth }) => auth === 'yes');
}

function isForAll(model: Model, operation: Operation): boolean {
  const paths = new Set(['/graphql', ...mountsOf(model, operation).map(({ path }) => path)]);
  return [...paths].some(path => configuredReason(model.settings, operation.file, 'POST', path) !== undefined);
}
