import { operationDependsOnStage } from '../../link/conditions.ts';
import { definition } from '../../link/literals.ts';
import type { Model } from '../../link/model.ts';
import type { Operation } from '../../link/operations.ts';
import { alternatives, spanIn, type Value } from '../../link/values.ts';
import type { Expr } from '../../model/facts.ts';
import type { Span } from '../../model/span.ts';
import { loadedModules } from '../service-packages.ts';
import { withoutStage } from './production-stage.ts';

/** A switch of a GraphQL server that shows its schema or an IDE to anyone. */
export interface OpenSwitch {
  readonly operation: Operation;
  readonly name: string;
  readonly span: Span;
  /** The literal `true`, if it stands in the call's own file. */
  readonly literal: Expr | undefined;
}

const SWITCHES = ['introspection', 'playground', 'graphiql', 'graphqlPlayground'];
const LIMITERS =
  /^(?:@escape\.tech\/graphql-armor.*|graphql-armor.*|graphql-depth-limit.*|@graphile\/depth-limit|graphql-query-complexity.*|graphql-cost-analysis|graphql-validation-complexity|@envelop\/(?:resource-limitations|depth-limit|persisted-operations)|@graphql-yoga\/plugin-persisted-operations|graphql-no-alias|graphql-rate-limit.*|@pothos\/plugin-complexity|nestjs-graphql-complexity)$/;
const LIMIT_NAME = /depth|complex|cost|limit|armor|persisted|safelist|trusted|allowlist|whitelist/i;

/** Whether the options of a server have a list of validation rules. */
export function takesValidationRules({ is }: Operation): boolean {
  return is['server'] === 'apollo';
}

/** The first switch of each server that is on whatever the stage. */
export function openSwitches(model: Model): OpenSwitch[] {
  return model.operations('graphql-server').flatMap(operation => {
    const arg = operation.args['options'];
    const options = arg?.value;
    if (!arg || options?.k !== 'object' || operationDependsOnStage(operation)) return [];
    const on = SWITCHES.find(name => {
      const value = options.props.get(name);
      return value?.k === 'object' ? true : value?.k === 'const' && (value.v === true || value.v === 'graphiql');
    });
    if (on === undefined) return [];
    const place = definition(model.program, { env: arg.env, expr: arg.expr });
    const property =
      place.expr.k === 'obj' ? place.expr.props.findLast(one => one.k === 'prop' && one.n === on) : undefined;
    if (property?.k !== 'prop') return [{ operation, name: on, span: operation.span, literal: undefined }];
    const literal = property.v.k === 'bool' && place.env.unit.path === operation.file ? property.v : undefined;
    return [{ operation, name: on, span: spanIn(place.env, property.p), literal }];
  });
}

/** Servers that leave introspection to the stage, while nothing they are deployed with sets one. */
export function defaultSwitches(model: Model): { readonly operation: Operation; readonly deployed: Span }[] {
  return model.operations('graphql-server').flatMap(operation => {
    const options = operation.args['options']?.value;
    if (operation.is['server'] !== 'apollo' || options?.k !== 'object' || options.open) return [];
    if (options.props.has('introspection') || operationDependsOnStage(operation)) return [];
    const unit = model.unitOf(operation.file);
    const deployed = unit && withoutStage(model, unit);
    return deployed ? [{ operation, deployed }] : [];
  });
}

/** GraphQL servers of which nothing bounds how much one query may ask for. */
export function unlimitedServers(model: Model): { readonly operation: Operation; readonly cycle: Span | undefined }[] {
  return model.operations('graphql-server').flatMap(operation => {
    const unit = model.unitOf(operation.file);
    const options = operation.args['options']?.value;
    if (options?.k !== 'object' || options.open) return [];
    if (unit && [...loadedModules(model, unit)].some(module => LIMITERS.test(module))) return [];
    if ([...options.props].some(([name, value]) => mayLimit(name, value))) return [];
    return [{ operation, cycle: recursiveField(model, operation) }];
  });
}

/** Whether an option may bound queries: by its name, or by rules and plugins that cannot be told. */
function mayLimit(name: string, value: Value): boolean {
  if (name === 'queryDepth' || name === 'persistedQueries' || name === 'persistedQueryProvider') return isOn(value);
  if (name === 'persistedOperations' || name === 'onlyPersisted' || name === 'gateway') return true;
  if (name !== 'validationRules' && name !== 'plugins' && name !== 'extensions') return LIMIT_NAME.test(name);
  if (value.k !== 'array' || value.open) return true;
  return value.items.some(item => alternatives(item).some(one => !isHarmless(one)));
}

function isOn(value: Value): boolean {
  return !(value.k === 'const' && (value.v === false || value.v == null));
}

/** Plugins that are known to watch or to serve, and do not refuse queries. */
function isHarmless(value: Value): boolean {
  return (
    value.k === 'api' &&
    /^(?:@apollo\/server\/plugin|apollo-server-core|@graphql-yoga\/plugin-(?:csrf|sofa)|@envelop\/(?:sentry|opentelemetry|prometheus))/.test(
      value.path,
    ) &&
    !LIMIT_NAME.test(value.path)
  );
}

/** A field of the schema through which a query can come back to where it was, as deep as it likes. */
function recursiveField(model: Model, { file }: Operation): Span | undefined {
  const folder = model.project.packageOf(file)?.folder ?? '';
  for (const { path, facts } of model.project.artefactsOf('graphql-sdl')) {
    if ((model.project.packageOf(path)?.folder ?? '') !== folder || model.project.roleOf(path) !== 'source') continue;
    for (const { fields, type } of facts.types) {
      const field = type === 'object' ? fields.find(one => one.recursive) : undefined;
      if (field) return { file: path, start: field.name.start, end: field.name.end };
    }
  }
  return undefined;
}
