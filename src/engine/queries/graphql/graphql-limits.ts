import { definition } from '../../link/literals.ts';
import type { Model } from '../../link/model.ts';
import type { Arg, Operation } from '../../link/operations.ts';
import { alternatives, numberOf, spanIn, type Value } from '../../link/values.ts';
import type { GraphqlField } from '../../model/artefacts/api.ts';
import type { Span } from '../../model/span.ts';
import { unboundedUploads } from '../security/request-limits.ts';
import { loadedModules } from '../service-packages.ts';
import { takesOnlyKnown } from './known-operations.ts';
import { isGateway, isSubgraph } from './larger-graph.ts';

const LIMITERS =
  /^(?:@escape\.tech\/graphql-armor.*|graphql-armor.*|graphql-depth-limit.*|@graphile\/depth-limit|graphql-query-complexity.*|graphql-cost-analysis|graphql-validation-complexity|@envelop\/(?:resource-limitations|depth-limit|persisted-operations)|@graphql-yoga\/plugin-persisted-operations|graphql-no-alias|graphql-rate-limit.*|@pothos\/plugin-complexity|nestjs-graphql-complexity)$/;
const LIMIT_NAME = /depth|complex|cost|limit|armor|persisted|safelist|trusted|allowlist|whitelist/i;

/** A GraphQL server of which nothing bounds how much one query may ask for. */
export interface UnlimitedServer {
  readonly operation: Operation;
  /** A field through which a query can come back to where it was. */
  readonly cycle: Span | undefined;
  /** A root field that gives all of a list, whoever asks. */
  readonly list: Span | undefined;
}

export function unlimitedServers(model: Model): UnlimitedServer[] {
  return model.operations('graphql-server').flatMap(operation => {
    const unit = model.unitOf(operation.file);
    const options = operation.args['options']?.value;
    if (options?.k !== 'object' || options.open || takesOnlyKnown(options)) return [];
    // What is asked of a part of a larger graph has passed the router, which has limits of its own.
    if (isGateway(options) || isSubgraph(options)) return [];
    if (unit && [...loadedModules(model, unit)].some(module => LIMITERS.test(module))) return [];
    if ([...options.props].some(([name, value]) => mayLimit(name, value))) return [];
    const cycle = sdlField(model, operation, ({ recursive }) => recursive);
    const list = sdlField(model, operation, ({ list: isList, args }, isRoot) => isRoot && isList && args.length === 0);
    return [{ operation, cycle, list }];
  });
}

/** An option that lets one request carry many operations. */
export interface LooseBatch {
  readonly span: Span;
  readonly option: string;
  /** How many; undefined if there is no end. */
  readonly count: number | undefined;
}

/** Options under which a batch has no limit of its own. */
const ENDLESS = ['allowBatchedHttpRequests', 'allowBatchedQueries'];
/** What Yoga takes where batches are merely switched on. */
const USUAL_BATCH = 10;

export function looseBatches(model: Model): LooseBatch[] {
  return model.operations('graphql-server').flatMap((operation): LooseBatch[] => {
    const arg = operation.args['options'];
    const options = arg?.value;
    if (!arg || options?.k !== 'object' || isSubgraph(options)) return [];
    const at = (name: string): Span => optionSpan(model, arg, name) ?? operation.span;
    const endless = ENDLESS.find(name => {
      const value = options.props.get(name);
      return value?.k === 'const' && value.v === true;
    });
    if (endless !== undefined) return [{ span: at(endless), option: endless, count: undefined }];
    const batching = options.props.get('batching');
    const count = batching?.k === 'object' ? numberOf(batching.props.get('limit')) : undefined;
    return count !== undefined && count > USUAL_BATCH ? [{ span: at('batching'), option: 'batching', count }] : [];
  });
}

function optionSpan({ program }: Model, { env, expr }: Arg, name: string): Span | undefined {
  const place = definition(program, { env, expr });
  const option =
    place.expr.k === 'obj' ? place.expr.props.findLast(one => one.k === 'prop' && one.n === name) : undefined;
  return option && spanIn(place.env, option.p);
}

/** Readers of uploads inside of operations that take any number of files. */
export function endlessUploads(model: Model): Operation[] {
  // Where the size has no limit either, that is what there is to tell.
  const told = new Set(unboundedUploads(model));
  return model.operations('upload-setup').filter(one => {
    const { is, args } = one;
    const options = args['options'];
    if (is['files'] === undefined || told.has(one)) return false;
    return (
      !options || (options.value.k === 'object' && !options.value.open && !options.value.props.has(String(is['files'])))
    );
  });
}

/** Whether an option may bound queries: by its name, or by rules and plugins that cannot be told. */
function mayLimit(name: string, value: Value): boolean {
  // Automatic persisted queries are a cache that anyone may fill.
  if (name === 'persistedQueries' || name === 'onlyPersisted') return false;
  if (name === 'queryDepth' || name === 'persistedQueryProvider') return isOn(value);
  if (name === 'persistedOperations') return true;
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

/** The first field of the schema files of a server's package that is of a kind. */
function sdlField(
  model: Model,
  { file }: Operation,
  test: (field: GraphqlField, isRoot: boolean) => boolean,
): Span | undefined {
  const folder = model.project.packageOf(file)?.folder ?? '';
  for (const { path, facts } of model.project.artefactsOf('graphql-sdl')) {
    if ((model.project.packageOf(path)?.folder ?? '') !== folder || model.project.roleOf(path) !== 'source') continue;
    for (const { fields, type, name } of facts.types) {
      const field = type === 'object' ? fields.find(one => test(one, name.value === facts.query)) : undefined;
      if (field) return { file: path, start: field.name.start, end: field.name.end };
    }
  }
  return undefined;
}
