import type { Attribute, AttributeArgument, Block, BlockAttribute, Field, Value } from '@mrleebo/prisma-ast';
import type { PrismaAttribute, PrismaField, PrismaIndex, PrismaModel } from '../model/artefacts/data.ts';
import type { Located } from '../model/document.ts';
import type { PrismaBlock } from './prisma.ts';
import { collect, record } from './tree/record.ts';

const INDEXES: Readonly<Record<string, PrismaIndex['type']>> = {
  id: 'id',
  unique: 'unique',
  index: 'index',
  fulltext: 'fulltext',
};

/** Reads a model, view or composite type; the library's places of names are completed by a look at the block's text. */
export function readModel(
  parsed: Extract<Block, { type: 'model' | 'view' | 'type' }>,
  block: PrismaBlock,
): PrismaModel {
  const fields: PrismaField[] = [];
  const attributes: BlockAttribute[] = [];
  for (const property of parsed.properties) {
    if (property.type === 'field') fields.push(...collect([property], field => readField(field, block)));
    else if (property.type === 'attribute') attributes.push(property);
  }
  const argument = (name: string): string | undefined =>
    textOf(attributes.find(item => item.name === name)?.args[0]?.value);
  return record<PrismaModel>({
    start: block.start,
    end: block.end,
    name: block.name,
    type: parsed.type,
    table: argument('map') ?? block.name.value,
    schema: argument('schema'),
    ignored: attributes.some(item => item.name === 'ignore'),
    fields,
    indexes: collect(attributes, item => readIndex(item, block)),
  });
}

function readField(field: Field, block: PrismaBlock): PrismaField | undefined {
  const start = field.location?.startOffset;
  if (start === undefined) return undefined;
  const name = locate(block, start, field.name.length);
  // The type is the next word of the line.
  const typeText = typeof field.fieldType === 'string' ? field.fieldType : field.fieldType.name;
  const typeStart = block.text.indexOf(typeText, start + field.name.length);
  const attributes = collect(field.attributes ?? [], attribute => readAttribute(attribute, block));
  const of = (attribute: string): Attribute | undefined =>
    field.attributes?.find(item => item.name === attribute && !item.group);
  return record<PrismaField>({
    start: name.start,
    end: block.start + lineEnd(block.text, start),
    name,
    type: locate(block, typeStart, typeText.length),
    list: field.array === true,
    optional: field.optional === true,
    column: textOf(argumentOf(of('map')?.args, 'name')) ?? field.name,
    attributes,
    id: of('id') !== undefined,
    unique: of('unique') !== undefined,
    relation: readRelation(of('relation')),
  });
}

function readAttribute(attribute: Attribute, block: PrismaBlock): PrismaAttribute | undefined {
  const location = attribute.location;
  if (location?.startOffset === undefined) return undefined;
  const name = attribute.group ? `${attribute.group}.${attribute.name}` : attribute.name;
  const [start, end] = attributeRange(block.text, location.startOffset);
  const open = block.text.indexOf('(', start);
  const args = open >= 0 && open < end ? block.text.slice(open + 1, end - 1) : undefined;
  return record<PrismaAttribute>({ name, args, start: block.start + start, end: block.start + end });
}

function readRelation(attribute: Attribute | undefined): PrismaField['relation'] {
  if (!attribute) return undefined;
  const [first] = attribute.args ?? [];
  return record<NonNullable<PrismaField['relation']>>({
    name: textOf(argumentOf(attribute.args, 'name')) ?? (isKeyValue(first?.value) ? undefined : textOf(first?.value)),
    fields: namesOf(argumentOf(attribute.args, 'fields')),
    references: namesOf(argumentOf(attribute.args, 'references')),
    onDelete: textOf(argumentOf(attribute.args, 'onDelete')),
  });
}

function readIndex(attribute: BlockAttribute, block: PrismaBlock): PrismaIndex | undefined {
  const type = Object.hasOwn(INDEXES, attribute.name) ? INDEXES[attribute.name] : undefined;
  const location = attribute.location;
  if (!type || location?.startOffset === undefined) return undefined;
  const [start, end] = attributeRange(block.text, location.startOffset);
  return {
    type,
    fields: namesOf(argumentOf(attribute.args, 'fields') ?? attribute.args[0]?.value),
    start: block.start + start,
    end: block.start + end,
  };
}

/** From the `@` (or `@@`) to the end of the arguments, strings and nested parentheses included. */
function attributeRange(text: string, at: number): [number, number] {
  let start = at;
  while (start > 0 && text[start - 1] === '@') start--;
  let end = at + (/^@*[\w.]*/.exec(text.slice(at, at + 80))?.[0].length ?? 0);
  if (text[end] !== '(') return [start, end];
  let depth = 0;
  for (; end < text.length; end++) {
    const unit = text[end];
    if (unit === '"') {
      end++;
      while (end < text.length && text[end] !== '"') end += text[end] === '\\' ? 2 : 1;
    } else if (unit === '(') depth++;
    else if (unit === ')' && --depth === 0) return [start, end + 1];
  }
  return [start, Math.min(end, text.length)];
}

function argumentOf(
  args: readonly AttributeArgument[] | undefined,
  key: string,
): AttributeArgument['value'] | undefined {
  for (const { value } of args ?? []) if (isKeyValue(value) && value.key === key) return value.value;
  return key === 'name' && args?.[0] && !isKeyValue(args[0].value) ? args[0].value : undefined;
}

function isKeyValue(value: unknown): value is { type: 'keyValue'; key: string; value: Value } {
  return typeof value === 'object' && value !== null && 'type' in value && value.type === 'keyValue';
}

function textOf(value: unknown): string | undefined {
  if (isKeyValue(value)) return textOf(value.value);
  return typeof value === 'string' ? value.replace(/^"([\s\S]*)"$/, '$1') : undefined;
}

/** Field names of `[a, b(sort: Desc)]`, or of the bracket-less single form. */
function namesOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (isKeyValue(value)) return namesOf(value.value);
  if (Array.isArray(value)) return value.flatMap(namesOf);
  if (typeof value !== 'object' || value === null || !('type' in value)) return [];
  if (value.type === 'array' && 'args' in value) return namesOf(value.args);
  return value.type === 'function' && 'name' in value && typeof value.name === 'string' ? [value.name] : [];
}

function locate(block: PrismaBlock, at: number, length: number): Located {
  const start = Math.max(at, 0);
  return {
    value: block.text.slice(start, start + length),
    start: block.start + start,
    end: block.start + start + length,
  };
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return from + text.slice(from, end < 0 ? text.length : end).trimEnd().length;
}
