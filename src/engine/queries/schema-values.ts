import { type ApiValue, numberOf, stringOf, type Value } from '../link/values.ts';

/** JSON Schema, draft 2020-12, as plain data. `{}` takes anything. */
export interface JsonSchema {
  readonly [keyword: string]: unknown;
}

/** A fluent call chain from its constructor on: `z.string().min(1)` is `string()`, `min(1)`. */
interface Link {
  readonly name: string;
  readonly args: readonly Value[];
}

const DEPTH = 8;

/** What a schema of zod, joi or TypeBox, or a literal JSON schema, says; undefined for what is none of these. */
export function schemaOf(value: Value | undefined, depth = 0): JsonSchema | undefined {
  if (!value || depth > DEPTH) return undefined;
  if (value.k === 'object') return value.open ? undefined : literal(value, depth);
  if (value.k !== 'api') return undefined;
  const { root, links } = chainOf(value);
  const [first, ...rest] = links;
  if (!first) return undefined;
  if (/^(?:zod|joi|yup)\b|^@hono\/zod-openapi\b/.test(root)) {
    const joi = isJoi(root);
    const base = rest.reduce((schema, link) => refined(schema, link, depth), constructed(first, depth, joi));
    return withoutMarks(base);
  }
  return /typebox|^fluent-json-schema|^elysia/.test(root) ? typeBox(first, depth) : undefined;
}

function chainOf(value: ApiValue): { root: string; links: Link[] } {
  const links: Link[] = [];
  let root = value.path;
  for (let at: ApiValue | undefined = value; at; at = at.from) {
    root = at.path;
    if (!at.made) continue;
    // A member called `default` is taken for the module's own, so its call is one of the value before it.
    const name = at.from?.made ? 'default' : (/([\w$]+)(?:\(\))*$/.exec((at.from ?? at).path)?.[1] ?? '');
    links.unshift({ name, args: at.made.args });
  }
  return { root: root.replace(/^@hapi\//, ''), links };
}

/** Properties of joi and yup may be absent unless they are required. */
function isJoi(root: string): boolean {
  return !/^zod|^@hono\/zod-openapi/.test(root);
}

/** While a chain is read: whether the property may be absent. */
const OPTIONAL = 'x-optional';

type Draft = Record<string, unknown>;

function constructed({ name, args }: Link, depth: number, joi: boolean): Draft {
  const inner = (at: number): JsonSchema => schemaOf(args[at], depth + 1) ?? {};
  const absent = joi ? { [OPTIONAL]: true } : {};
  const many = (): JsonSchema[] =>
    (args[0]?.k === 'array' ? args[0].items : args).map(one => schemaOf(one, depth + 1) ?? {});
  switch (name) {
    case 'string':
      return { type: 'string', ...absent };
    case 'number':
      return { type: 'number', ...absent };
    case 'bigint':
    case 'int':
      return { type: 'integer' };
    case 'boolean':
    case 'bool':
      return { type: 'boolean', ...absent };
    case 'date':
      return { type: 'string', format: 'date-time', ...absent };
    case 'null':
      return { type: 'null' };
    case 'email':
    case 'uuid':
    case 'url':
      return { type: 'string', format: name === 'url' ? 'uri' : name };
    case 'literal':
      return args[0]?.k === 'const' ? { const: args[0].v ?? null } : {};
    case 'enum':
    case 'nativeEnum':
      return { ...oneOf(constants(args[0])) };
    case 'object':
    case 'strictObject':
    case 'looseObject':
      return {
        ...objectOf(args[0], depth),
        ...(name === 'strictObject' ? { additionalProperties: false } : {}),
        ...absent,
      };
    case 'array':
      return { type: 'array', ...(args[0] ? { items: inner(0) } : {}), ...absent };
    case 'tuple':
      return { type: 'array', prefixItems: many() };
    case 'record':
      return { type: 'object', additionalProperties: inner(args.length > 1 ? 1 : 0) };
    case 'union':
      return { anyOf: many() };
    case 'discriminatedUnion':
      return args[1]?.k === 'array' ? { oneOf: args[1].items.map(one => schemaOf(one, depth + 1) ?? {}) } : {};
    case 'intersection':
      return { allOf: [inner(0), inner(1)] };
    case 'preprocess':
      // What it makes of nothing is not known.
      return { ...inner(1), [OPTIONAL]: true };
    default:
      return { ...absent };
  }
}

function objectOf(value: Value | undefined, depth: number): Draft {
  if (value?.k !== 'object') return { type: 'object' };
  const properties: Record<string, JsonSchema> = {};
  const required: string[] = [];
  for (const [name, own] of value.props) {
    const { root, links } = own.k === 'api' ? chainOf(own) : { root: '', links: [] };
    const [first, ...rest] = links;
    const joi = isJoi(root);
    const draft = first
      ? rest.reduce((schema, link) => refined(schema, link, depth + 1), constructed(first, depth + 1, joi))
      : {};
    properties[name] = withoutMarks(draft);
    // `coerce` makes a text or a truth value even of nothing.
    const madeOfNothing = /[.#]coerce[.#](?:string|boolean)\b/.test(own.k === 'api' ? own.path : '');
    if (first && draft[OPTIONAL] !== true && !madeOfNothing) required.push(name);
  }
  return { type: 'object', properties, ...(required.length > 0 ? { required } : {}) };
}

const FORMATS: Readonly<Record<string, string>> = {
  email: 'email',
  uuid: 'uuid',
  guid: 'uuid',
  url: 'uri',
  uri: 'uri',
  datetime: 'date-time',
  date: 'date',
  ip: 'ipv4',
};

function refined(schema: Draft, { name, args }: Link, depth: number): Draft {
  const number = numberOf(args[0]);
  const isText = schema['type'] === 'string';
  const bound = (text: string, plain: string): Draft =>
    number === undefined
      ? schema
      : { ...schema, [isText ? `${text}Length` : schema['type'] === 'array' ? `${text}Items` : plain]: number };
  const names = args[0]?.k === 'object' ? [...args[0].props.keys()] : args.flatMap(arg => stringOf(arg) ?? []);
  switch (name) {
    case 'optional':
    case 'nullish':
      return { ...(name === 'nullish' ? nullable(schema) : schema), [OPTIONAL]: true };
    case 'required':
      return schema['properties'] && args.length === 0 && schema[OPTIONAL] !== true
        ? { ...schema, required: Object.keys(schema['properties']) }
        : { ...schema, [OPTIONAL]: false };
    case 'nullable':
      return nullable(schema);
    case 'catch':
      return { ...schema, [OPTIONAL]: true };
    case 'default':
      return { ...schema, [OPTIONAL]: true, ...(args[0]?.k === 'const' ? { default: args[0].v ?? null } : {}) };
    case 'describe':
    case 'description':
      return stringOf(args[0]) === undefined ? schema : { ...schema, description: stringOf(args[0]) };
    case 'min':
      return bound('min', 'minimum');
    case 'max':
      return bound('max', 'maximum');
    case 'length':
      return number === undefined || !isText ? schema : { ...schema, minLength: number, maxLength: number };
    case 'nonempty':
      return { ...schema, [isText ? 'minLength' : 'minItems']: 1 };
    case 'int':
    case 'integer':
      return { ...schema, type: 'integer' };
    case 'positive':
      return { ...schema, exclusiveMinimum: 0 };
    case 'nonnegative':
      return { ...schema, minimum: 0 };
    case 'regex':
    case 'pattern':
      return args[0]?.k === 'regex' ? { ...schema, pattern: args[0].source } : schema;
    case 'valid':
    case 'oneOf':
      return { ...schema, ...oneOf(args.flatMap(arg => constants(arg))) };
    case 'items':
    case 'of':
      return { ...schema, items: schemaOf(args[0], depth + 1) ?? {} };
    case 'array':
      return { type: 'array', items: withoutMarks(schema) };
    case 'strict':
      return { ...schema, additionalProperties: false };
    case 'or':
      return { anyOf: [withoutMarks(schema), schemaOf(args[0], depth + 1) ?? {}] };
    case 'and':
      return { allOf: [withoutMarks(schema), schemaOf(args[0], depth + 1) ?? {}] };
    case 'partial':
    case 'deepPartial': {
      const { required: _, ...open } = schema;
      return open;
    }
    case 'extend':
    case 'keys':
    case 'append':
      return merged(schema, objectOf(args[0], depth));
    case 'merge':
      return merged(schema, schemaOf(args[0], depth + 1) ?? {});
    case 'pick':
      return filtered(schema, property => names.includes(property));
    case 'omit':
      return filtered(schema, property => !names.includes(property));
    default: {
      const format = FORMATS[name];
      return format && isText ? { ...schema, format } : schema;
    }
  }
}

function nullable(schema: Draft): Draft {
  return typeof schema['type'] === 'string'
    ? { ...schema, type: [schema['type'], 'null'] }
    : { anyOf: [withoutMarks(schema), { type: 'null' }] };
}

function merged(schema: Draft, other: JsonSchema): Draft {
  const required = [...((schema['required'] as string[]) ?? []), ...((other['required'] as string[]) ?? [])];
  return {
    ...schema,
    properties: { ...(schema['properties'] as object), ...(other['properties'] as object) },
    ...(required.length > 0 ? { required: [...new Set(required)] } : {}),
  };
}

function filtered(schema: Draft, keep: (name: string) => boolean): Draft {
  const required = ((schema['required'] as string[]) ?? []).filter(keep);
  const { required: _, ...rest } = schema;
  return {
    ...rest,
    properties: Object.fromEntries(
      Object.entries((schema['properties'] as object) ?? {}).filter(([name]) => keep(name)),
    ),
    ...(required.length > 0 ? { required } : {}),
  };
}

function withoutMarks(schema: Draft): JsonSchema {
  const { [OPTIONAL]: _, ...rest } = schema;
  return rest;
}

/** One of these; anything, where none of them is known. */
export function oneOf(values: readonly unknown[]): JsonSchema {
  return values.length > 0 ? { enum: [...new Set(values)] } : {};
}

export function constants(value: Value | undefined): (string | number | boolean | null)[] {
  if (value?.k === 'array') return value.items.flatMap(constants);
  if (value?.k === 'object') return [...value.props.values()].flatMap(constants);
  return value?.k === 'const' ? [value.v ?? null] : [];
}

const TYPES: Readonly<Record<string, string>> = {
  String: 'string',
  Number: 'number',
  Numeric: 'number',
  Integer: 'integer',
  Boolean: 'boolean',
  Null: 'null',
};

/** `Type.Object({ name: Type.String({ minLength: 1 }) })`: its options are JSON Schema keywords. */
function typeBox({ name, args }: Link, depth: number): JsonSchema {
  const inner = (value: Value | undefined): JsonSchema => schemaOf(value, depth + 1) ?? {};
  const options = (at: number): JsonSchema => (args[at]?.k === 'object' ? (schemaOf(args[at], depth + 1) ?? {}) : {});
  const list = args[0]?.k === 'array' ? args[0].items : [];
  const plain = TYPES[name];
  if (plain) return { type: plain, ...options(0) };
  switch (name) {
    case 'Object': {
      if (args[0]?.k !== 'object') return { type: 'object' };
      const entries = [...args[0].props];
      const required = entries.filter(([, own]) => !isOptional(own)).map(([property]) => property);
      const properties = Object.fromEntries(entries.map(([property, own]) => [property, inner(own)]));
      return { type: 'object', properties, ...(required.length > 0 ? { required } : {}), ...options(1) };
    }
    case 'Optional':
    case 'Readonly':
      return inner(args[0]);
    case 'Partial': {
      const { required: _, ...open } = inner(args[0]);
      return open;
    }
    case 'Array':
      return { type: 'array', items: inner(args[0]), ...options(1) };
    case 'Union':
      return { anyOf: list.map(inner) };
    case 'Intersect':
      return { allOf: list.map(inner) };
    case 'Enum':
      return { ...oneOf(constants(args[0])), ...options(1) };
    case 'Record':
      return { type: 'object', additionalProperties: inner(args[1]), ...options(2) };
    case 'Unsafe':
      return options(0);
    case 'Literal':
      return args[0]?.k === 'const' ? { const: args[0].v ?? null } : {};
    default:
      return {};
  }
}

function isOptional(value: Value): boolean {
  return value.k === 'api' && chainOf(value).links[0]?.name === 'Optional';
}

/** A JSON schema that is written out; values inside it may be schemas of a library. */
function literal(value: Value & { k: 'object' }, depth: number): JsonSchema | undefined {
  // What a reference means depends on where the framework keeps its schemas.
  if (value.props.has('$ref')) return {};
  const out: Draft = {};
  for (const [name, own] of value.props) {
    if (name === '$id' || name === '$schema') continue;
    const plain = plainOf(own, depth + 1);
    if (plain === undefined) return undefined;
    out[name] = plain;
  }
  return out;
}

function plainOf(value: Value, depth: number): unknown {
  if (depth > DEPTH * 2) return undefined;
  if (value.k === 'const') return value.v ?? null;
  if (value.k === 'array') {
    const items = value.items.map(item => plainOf(item, depth + 1));
    return value.open || items.includes(undefined) ? undefined : items;
  }
  if (value.k === 'object') return value.open ? undefined : literal(value, depth);
  return value.k === 'api' ? schemaOf(value, depth) : undefined;
}
