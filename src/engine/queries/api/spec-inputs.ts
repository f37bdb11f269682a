import type { Endpoint } from '../../link/endpoint.ts';
import type { Model } from '../../link/model.ts';
import type { ApiOperation } from '../../model/artefacts/api.ts';
import type { Setting, TextRange } from '../../model/document.ts';
import { checkedSchemas } from '../input-schema.ts';
import { answeredStatuses } from '../route-answers.ts';
import type { JsonSchema } from '../schema-values.ts';
import { type BoundSpec, boundSpecs, methodRange } from './spec-routes.ts';

/** Where a document says something else of an operation than the code that answers it. */
export interface InputMismatch {
  readonly spec: BoundSpec;
  readonly operation: ApiOperation;
  readonly route: Endpoint;
  readonly at: TextRange;
  readonly found:
    | { readonly is: 'type'; readonly name: string; readonly said: Setting; readonly own: string }
    /** Fields that the code refuses a request without, and that the document lets out. */
    | { readonly is: 'required'; readonly place: 'body' | 'query'; readonly names: readonly string[] }
    /** Answers of the handler that the document lists for other operations only. */
    | { readonly is: 'answers'; readonly statuses: readonly number[] };
}

export function inputMismatches(model: Model): InputMismatch[] {
  const seen = new Set<string>();
  // Operations that share a schema of the document share what is wrong with it.
  const isNew = ({ spec, at, found }: InputMismatch): boolean => {
    const key = `${spec.path} ${at.start} ${found.is === 'required' ? found.place : found.is}`;
    return !seen.has(key) && seen.add(key) !== undefined;
  };
  const all = boundSpecs(model).flatMap(spec =>
    spec.generated
      ? []
      : spec.operations.flatMap(({ operation, routes: [route, more] }) => {
          const isOne = route && !more && route.partial === undefined && route.method !== 'ALL' && !operation.internal;
          if (!isOne || !route.handler) return [];
          const { body, query } = checkedSchemas(model, route);
          const all = [
            ...inBody(operation, body),
            ...inQuery(operation, query),
            ...inAnswers(model, spec, operation, route),
          ];
          return all.map((one): InputMismatch => ({ ...one, spec, operation, route }));
        }),
  );
  return all.filter(isNew);
}

type Found = Pick<InputMismatch, 'at' | 'found'>;

function inBody(operation: ApiOperation, schema: JsonSchema | undefined): Found[] {
  const { requestBody } = operation;
  if (!requestBody || requestBody.composed || requestBody.properties.length === 0 || !isPlainObject(schema)) return [];
  const said = new Map(requestBody.properties.map(one => [one.name, one]));
  const names = requiredBy(schema).filter(name => said.get(name)?.required !== true);
  return [
    ...requestBody.properties.flatMap(({ name, type }) => conflict(name, type, propertiesOf(schema)[name])),
    ...missing(operation, 'body', names),
  ];
}

function inQuery(operation: ApiOperation, schema: JsonSchema | undefined): Found[] {
  if (!isPlainObject(schema)) return [];
  const said = operation.parameters.filter(one => one.in === 'query');
  const names = requiredBy(schema).filter(name => !said.some(one => one.name.value === name && one.required));
  return [
    ...said.flatMap(({ name, type }) => conflict(name.value ?? '', type, propertiesOf(schema)[name.value ?? ''])),
    // A parameter whose name is computed may be any of them.
    ...(said.some(one => one.name.value === null) ? [] : missing(operation, 'query', names)),
  ];
}

function missing(operation: ApiOperation, place: 'body' | 'query', names: readonly string[]): Found[] {
  return names.length === 0 ? [] : [{ at: methodRange(operation), found: { is: 'required', place, names } }];
}

const SCALARS = new Set(['string', 'number', 'integer', 'boolean']);

/** Types of which no value of one is one of the other; a text that holds a number is read as one by many checks. */
function conflict(name: string, said: Setting | undefined, schema: JsonSchema | undefined): Found[] {
  const own = schema?.['type'];
  if (!said?.value || typeof own !== 'string' || own === said.value) return [];
  const isScalar = SCALARS.has(own);
  const differs =
    isScalar !== SCALARS.has(said.value) ||
    (!isScalar && own !== said.value) ||
    (said.value === 'string' && isNumber(own));
  return differs ? [{ at: said, found: { is: 'type', name, said, own } }] : [];
}

function isNumber(type: string): boolean {
  return type === 'number' || type === 'integer';
}

/** Errors that the handler itself answers with, where the document has a word for them. */
function inAnswers({ program }: Model, { facts, unit }: BoundSpec, operation: ApiOperation, route: Endpoint): Found[] {
  const own = operation.responses.map(({ value }) => value.toUpperCase());
  if (own.length === 0 || own.includes('DEFAULT') || own.includes('4XX')) return [];
  // Of a function that answers several methods it is not known which of them an answer belongs to.
  if (unit.routes.some(one => one !== route && one.handler?.fn === route.handler?.fn)) return [];
  const known = new Set(facts.operations.flatMap(({ responses }) => responses.map(({ value }) => value)));
  const statuses = answeredStatuses(program, route).filter(
    status => status > 400 && status < 500 && known.has(String(status)) && !own.includes(String(status)),
  );
  return statuses.length === 0 ? [] : [{ at: methodRange(operation), found: { is: 'answers', statuses } }];
}

/** An object whose properties are all named in one place. */
function isPlainObject(schema: JsonSchema | undefined): schema is JsonSchema {
  return schema?.['type'] === 'object' && schema['properties'] !== undefined && !schema['allOf'] && !schema['anyOf'];
}

function propertiesOf(schema: JsonSchema): Readonly<Record<string, JsonSchema>> {
  return schema['properties'] as Readonly<Record<string, JsonSchema>>;
}

function requiredBy(schema: JsonSchema): readonly string[] {
  return (schema['required'] ?? []) as readonly string[];
}
