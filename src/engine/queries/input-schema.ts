import { callsIn } from '../link/call-index.ts';
import type { Endpoint } from '../link/endpoint.ts';
import { createEnv, innerFunctions } from '../link/env.ts';
import { evaluate } from '../link/evaluate.ts';
import type { Model } from '../link/model.ts';
import { requestOrigin, requestPart } from '../link/request-value.ts';
import { staticEnvOf } from '../link/signals.ts';
import { type Env, type FuncValue, stringOf, type Value } from '../link/values.ts';
import { INPUT_PARTS, type InputPart } from './api/request-reads.ts';
import { bodyShape } from './body-shape.ts';
import { joined, schemaOfType } from './schema-types.ts';
import { type JsonSchema, schemaOf } from './schema-values.ts';

export type InputSchemas = Readonly<Partial<Record<InputPart, JsonSchema>>>;

/** What each part of a route's input must look like: by the schema it is checked with, the declared type, else its use. */
export function inputSchemas(model: Model, endpoint: Endpoint): InputSchemas {
  const out = checkedSchemas(model, endpoint);
  const add: Add = (part, schema) => {
    if (schema && Object.keys(schema).length > 0) out[part] ??= schema;
  };
  if (endpoint.handler) fromTypes(model, endpoint.handler, add);
  if (endpoint.handler && !out.body) add('body', fromUse(model, endpoint));
  return out;
}

/** The schemas that code checks the input with, so that a request which does not fit is refused. */
export function checkedSchemas(model: Model, endpoint: Endpoint): Partial<Record<InputPart, JsonSchema>> {
  const out: Partial<Record<InputPart, JsonSchema>> = {};
  const add = adderTo(out);
  for (const link of endpoint.chain) {
    const { value, via } = link;
    if (value.k === 'object' && via === 'schema of the route') fromParts(value, add);
    else if (value.k === 'api') fromMiddleware(value, add);
    else if (value.k === 'func') {
      fromFunction(model, value, createEnv(unitOf(model, value), value.fn, value.env, true), add);
      fromMaker(value, (part, schema) => {
        if (link.roles.includes(`validates-${part}`)) add(part, schema);
      });
    }
  }
  const { handler } = endpoint;
  if (handler) fromFunction(model, handler, staticEnvOf(model.program, handler), add);
  return out;
}

/** A request passes every check: what an outer step asks of a part is asked beside what the route itself does. */
function adderTo(out: Partial<Record<InputPart, JsonSchema>>): Add {
  return (part, schema) => {
    if (!schema || Object.keys(schema).length === 0) return;
    const before = out[part];
    out[part] = before?.['properties'] && schema['properties'] ? joined(schema, before) : schema;
  };
}

type Add = (part: InputPart, schema: JsonSchema | undefined) => void;

function unitOf({ program }: Model, { file }: FuncValue): Env['unit'] {
  return program.units.get(file)!;
}

const PART_NAMES: Readonly<Record<string, InputPart>> = {
  body: 'body',
  json: 'body',
  form: 'body',
  query: 'query',
  querystring: 'query',
  params: 'params',
  param: 'params',
  headers: 'headers',
  header: 'headers',
};

/** `{ body: schema, querystring: schema }`, also with the body's content types in between. */
function fromParts({ props }: Value & { k: 'object' }, add: Add): void {
  for (const [name, value] of props) {
    const part = PART_NAMES[name];
    if (!part) continue;
    const content = value.k === 'object' ? value.props.get('content') : undefined;
    const json = content?.k === 'object' ? content.props.get('application/json') : undefined;
    const inner = json?.k === 'object' ? json.props.get('schema') : undefined;
    add(part, asObject(schemaOf(inner ?? value)));
  }
}

/** JSON schemas of a framework may leave the outer `type: 'object'` out. */
function asObject(schema: JsonSchema | undefined): JsonSchema | undefined {
  if (!schema || schema['type'] || schema['properties'] || schema['anyOf'] || schema['allOf'] || schema['$ref'])
    return schema;
  const values = Object.values(schema);
  const isShorthand = values.length > 0 && values.every(value => typeof value === 'object' && value !== null);
  return isShorthand ? { type: 'object', properties: schema } : schema;
}

/** `zValidator('json', schema)`. */
function fromMiddleware({ made }: Value & { k: 'api' }, add: Add): void {
  const part = PART_NAMES[stringOf(made?.args[0]) ?? ''];
  if (part) add(part, schemaOf(made?.args[1]));
}

/** What a step was made with: `validate({ body: schema })`, `check(z.object({ body, query }))`. */
function fromMaker({ env }: FuncValue, add: Add): void {
  for (let at: Env | undefined = env; at && at.fn.kind !== 'module' && !at.isStatic; at = at.parent)
    for (const [name, value] of at.vars) {
      const part = PART_NAMES[name];
      if (value.k === 'object') fromParts(value, add);
      if (value.k !== 'api') continue;
      const schema = schemaOf(value);
      if (part) add(part, schema);
      else
        for (const [inner, own] of Object.entries((schema?.['properties'] as Record<string, JsonSchema>) ?? {}))
          if (PART_NAMES[inner]) add(PART_NAMES[inner], own);
    }
}

/** Checks in a function and those written inside it: `schema.parse(req.body)`, `validate(schema, req.body)`. */
function fromFunction(model: Model, func: FuncValue, env: Env, add: Add): void {
  const { program } = model;
  const operations = model.operationsIn(func.file).filter(({ kind }) => kind === 'validate');
  if (operations.length === 0) return;
  const visit = (at: Env): void => {
    for (const { call } of callsIn(at.fn)) {
      const operation = operations.find(one => one.site.call === call);
      if (!operation) continue;
      const input = operation.args['input']?.expr;
      const part = input && requestPart(program, evaluate(program, at, input));
      const known = INPUT_PARTS.find(one => one === part);
      const written = operation.args['schema']?.expr ?? (call.f.k === 'mem' ? call.f.o : undefined);
      if (known && written) add(known, schemaOf(evaluate(program, at, written)));
    }
    for (const inner of innerFunctions(at.unit.facts, at.fn)) visit(createEnv(at.unit, inner, at, true));
  };
  visit(env);
}

/** Parameters that a framework fills with a part of the request, or with one field of it: their declared types. */
function fromTypes({ program }: Model, handler: FuncValue, add: Add): void {
  const env = staticEnvOf(program, handler);
  const found = new Map<InputPart, JsonSchema>();
  for (const { pat, t, decorators } of handler.fn.params) {
    if (pat.k !== 'pid' || !t || !decorators?.length) continue;
    const value = evaluate(program, env, { k: 'id', n: pat.n, s: handler.fn.id, p: pat.p });
    const origin = requestOrigin(program, value);
    const part = INPUT_PARTS.find(one => one === origin?.part);
    const [field, ...deeper] = origin?.names ?? [];
    if (!part || deeper.length > 0) continue;
    const type = schemaOfType(program, handler.file, t);
    const own = field === undefined ? type : { type: 'object', properties: { [field]: type } };
    const before = found.get(part);
    if (!before || own['properties']) found.set(part, before?.['properties'] ? joined(own, before) : own);
  }
  for (const [part, schema] of found) add(part, schema);
}

const TYPES = { string: 'string', number: 'number', boolean: 'boolean', numeric: 'number' } as const;

/** Fields that the handler takes out of the body, with the types its use of them proves; none is known to be required. */
function fromUse({ program }: Model, endpoint: Endpoint): JsonSchema | undefined {
  const shape = bodyShape(program, endpoint);
  if (!shape) return undefined;
  const properties = [...shape.fields].map(([name, { type }]) => [name, type ? { type: TYPES[type] } : {}]);
  return { type: 'object', properties: Object.fromEntries(properties) };
}
