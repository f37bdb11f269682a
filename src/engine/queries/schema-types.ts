import { evaluate } from '../link/evaluate.ts';
import { resolveModule } from '../link/modules.ts';
import type { Program } from '../link/program.ts';
import { stringOf, truthiness, UNDEFINED, type Value } from '../link/values.ts';
import type { ClassFact, FileFacts, TypeRef } from '../model/facts.ts';
import { constants, type JsonSchema, oneOf } from './schema-values.ts';

const DEPTH = 6;

const PLAIN: Readonly<Record<string, JsonSchema>> = {
  string: { type: 'string' },
  number: { type: 'number' },
  boolean: { type: 'boolean' },
  bigint: { type: 'integer' },
  null: { type: 'null' },
  Date: { type: 'string', format: 'date-time' },
  object: { type: 'object' },
  String: { type: 'string' },
  Number: { type: 'number' },
  Boolean: { type: 'boolean' },
};

/** A declared type as a schema: classes with their validation decorators, interfaces, enums; `{}` for what is not known. */
export function schemaOfType(program: Program, file: string, type: TypeRef, depth = 0): JsonSchema {
  const one = (inner: TypeRef): JsonSchema => schemaOfType(program, file, inner, depth + 1);
  if (depth > DEPTH) return {};
  const { array, union: alternatives, ...plain } = type;
  if (array) return { type: 'array', items: one(plain) };
  if (alternatives)
    return unionOf(
      alternatives.filter(({ n }) => n !== 'undefined'),
      one,
    );
  if (type.lit !== undefined) return { const: type.lit };
  if (type.members) return objectOf(type.members.map(({ n, t, opt }) => [n, t ? one(t) : {}, opt !== true]));
  const [first, second] = type.args ?? [];
  if (first && (type.n === 'Array' || type.n === 'ReadonlyArray')) return { type: 'array', items: one(first) };
  if (first && /^(?:Promise|Readonly|NonNullable|Required)$/.test(type.n)) return one(first);
  if (first && type.n === 'Partial') return withoutRequired(one(first));
  if (second && type.n === 'Record') return { type: 'object', additionalProperties: one(second) };
  return PLAIN[type.n] ?? named(program, file, type.n, depth);
}

function unionOf(types: readonly TypeRef[], one: (type: TypeRef) => JsonSchema): JsonSchema {
  const literals = types.flatMap(({ lit }) => (lit === undefined ? [] : [lit]));
  if (literals.length === types.length) return oneOf(literals);
  const [only, ...others] = types;
  return only && others.length === 0 ? one(only) : { anyOf: types.map(one) };
}

function objectOf(members: readonly (readonly [name: string, schema: JsonSchema, required: boolean])[]): JsonSchema {
  const required = [...new Set(members.flatMap(([name, , needed]) => (needed ? [name] : [])))];
  return {
    type: 'object',
    properties: Object.fromEntries(members.map(([name, schema]) => [name, schema])),
    ...(required.length > 0 ? { required } : {}),
  };
}

function withoutRequired(schema: JsonSchema): JsonSchema {
  const { required: _, ...rest } = schema;
  return rest;
}

function named(program: Program, file: string, name: string, depth: number): JsonSchema {
  const facts = program.project.sources.get(file);
  if (!facts) return {};
  const cls = facts.classes.find(one => one.name === name);
  if (cls) return schemaOfClass(program, file, cls, depth);
  const declared = facts.types.find(one => one.name === name);
  if (declared?.kind === 'enum') return oneOf((declared.values ?? []).map(({ n, v }) => v ?? n));
  if (declared?.t) return schemaOfType(program, file, declared.t, depth + 1);
  if (declared?.members) {
    const own = objectOf(
      declared.members.map(({ n, t, opt }) => [n, t ? schemaOfType(program, file, t, depth + 1) : {}, opt !== true]),
    );
    const bases = (declared.ext ?? []).map(base => schemaOfType(program, file, base, depth + 1));
    return bases.reduce(joined, own);
  }
  return imported(program, file, facts, name, depth);
}

function imported(program: Program, file: string, facts: FileFacts, name: string, depth: number): JsonSchema {
  const found = facts.imports.find(one => one.local === name);
  const target = found && resolveModule(program.project, file, found.module);
  if (!found || target?.k !== 'file') return {};
  return depth > DEPTH ? {} : through(program, target.path, found.name, depth);
}

/** Follows `export … from` to the file that declares the name. */
function through(program: Program, path: string, name: string, depth: number): JsonSchema {
  const facts = program.project.sources.get(path);
  const own = named(program, path, name, depth + 1);
  if (!facts || Object.keys(own).length > 0 || depth > DEPTH) return own;
  for (const one of facts.exports) {
    if (one.k !== 'from' || (one.name !== name && one.name !== '*')) continue;
    const target = resolveModule(program.project, path, one.module);
    const found =
      target?.k === 'file' ? through(program, target.path, one.name === '*' ? name : one.from, depth + 1) : {};
    if (Object.keys(found).length > 0) return found;
  }
  return own;
}

/** Both of two objects' properties; the first's own win. */
export function joined(schema: JsonSchema, base: JsonSchema): JsonSchema {
  const required = [...((base['required'] as string[]) ?? []), ...((schema['required'] as string[]) ?? [])];
  return {
    ...schema,
    properties: { ...(base['properties'] as object), ...(schema['properties'] as object) },
    ...(required.length > 0 ? { required: [...new Set(required)] } : {}),
  };
}

function schemaOfClass(program: Program, file: string, cls: ClassFact, depth: number): JsonSchema {
  const unit = program.units.get(file);
  if (!unit) return {};
  const members = cls.members.filter(({ kind, static: fixed, access }) => kind === 'field' && !fixed && !access);
  const own = objectOf(
    members.map(({ n, t, opt, decorators }) => {
      const rules = (decorators ?? []).map(({ e }) => {
        const value = e.k === 'call' ? e.a.map(arg => evaluate(program, unit.env, arg)) : [];
        const called = e.k === 'call' ? e.f : e;
        return { name: called.k === 'id' || called.k === 'mem' ? called.n : '', args: value };
      });
      const base = t ? schemaOfType(program, file, t, depth + 1) : {};
      const absent = rules.some(({ name }) => /^(?:IsOptional|ApiPropertyOptional)$/.test(name));
      return [n, rules.reduce(decorated, base), opt !== true && !absent];
    }),
  );
  const base = cls.ext ? evaluate(program, unit.env, cls.ext) : undefined;
  return base ? joined(own, baseOf(program, base, depth)) : own;
}

/** A base class, or what `PartialType(Base)` and its like make of one. */
function baseOf(program: Program, value: Value, depth: number): JsonSchema {
  if (depth > DEPTH) return {};
  if (value.k === 'class') return schemaOfClass(program, value.file, value.cls, depth + 1);
  if (value.k !== 'api') return {};
  const [first, second] = value.made?.args ?? [];
  const base = first ? baseOf(program, first, depth + 1) : {};
  const names = second?.k === 'array' ? second.items.flatMap(item => stringOf(item) ?? []) : [];
  if (/PartialType/.test(value.path)) return withoutRequired(base);
  if (/PickType/.test(value.path)) return only(base, name => names.includes(name));
  if (/OmitType/.test(value.path)) return only(base, name => !names.includes(name));
  return /IntersectionType/.test(value.path) && second ? joined(base, baseOf(program, second, depth + 1)) : base;
}

function only(schema: JsonSchema, keep: (name: string) => boolean): JsonSchema {
  const properties = Object.entries((schema['properties'] as Record<string, JsonSchema>) ?? {});
  const required = (schema['required'] as string[]) ?? [];
  return objectOf(properties.filter(([name]) => keep(name)).map(([name, own]) => [name, own, required.includes(name)]));
}

const FORMATS: Readonly<Record<string, string>> = {
  IsEmail: 'email',
  IsUUID: 'uuid',
  IsUrl: 'uri',
  IsDateString: 'date-time',
  IsISO8601: 'date-time',
};
/** What a check says of a member whose declared type says nothing. */
const TYPES: Readonly<Record<string, string>> = {
  IsString: 'string',
  IsNumber: 'number',
  IsBoolean: 'boolean',
  IsArray: 'array',
  IsObject: 'object',
};
const BOUNDS: Readonly<Record<string, string>> = {
  Min: 'minimum',
  Max: 'maximum',
  MinLength: 'minLength',
  MaxLength: 'maxLength',
  ArrayMinSize: 'minItems',
  ArrayMaxSize: 'maxItems',
};

function decorated(schema: JsonSchema, { name, args }: { name: string; args: readonly Value[] }): JsonSchema {
  const format = FORMATS[name];
  if (format) return { ...schema, format };
  const bound = BOUNDS[name];
  const [first, second] = args;
  if (bound && first?.k === 'const' && typeof first.v === 'number') return { ...schema, [bound]: first.v };
  const type = TYPES[name];
  if (type) return { type, ...schema };
  switch (name) {
    case 'IsIn':
    case 'IsEnum': {
      const values = oneOf(constants(first));
      const isEach = second?.k === 'object' && truthiness(second.props.get('each') ?? UNDEFINED) === true;
      return isEach
        ? { ...schema, type: 'array', items: { ...(schema['items'] as object), ...values } }
        : { ...schema, ...values };
    }
    case 'IsInt':
      return { ...schema, type: 'integer' };
    case 'IsPositive':
      return { ...schema, exclusiveMinimum: 0 };
    case 'IsNotEmpty':
      return schema['type'] === 'string' ? { ...schema, minLength: 1 } : schema;
    case 'Length':
      return {
        ...schema,
        ...(first?.k === 'const' && typeof first.v === 'number' ? { minLength: first.v } : {}),
        ...(second?.k === 'const' && typeof second.v === 'number' ? { maxLength: second.v } : {}),
      };
    default:
      return schema;
  }
}
