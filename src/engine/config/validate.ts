import type { Node } from 'jsonc-parser';
import type { Schema } from './schema.ts';

export interface Complaint {
  /** UTF-16 offset of the value or key at fault. */
  readonly offset: number;
  /** The path of keys, such as `rules.security/missing-auth`; '' for the whole file. */
  readonly path: string;
  readonly message: string;
}

/** Everything in which a JSON value departs from the schema, each with its place. */
export function validate(node: Node, schema: Schema, path = ''): Complaint[] {
  if (schema.anyOf) return validateAnyOf(node, schema.anyOf, path);
  if (schema.type && !hasType(node, schema.type)) return [complaint(`must be ${article(schema.type)}`)];
  switch (node.type) {
    case 'object':
      return validateObject(node, schema, path);
    case 'array': {
      const items = node.children ?? [];
      const few = items.length < (schema.minItems ?? 0) ? [complaint('must not be empty')] : [];
      const each = schema.items;
      return [...few, ...(each ? items.flatMap((item, at) => validate(item, each, `${path}[${at}]`)) : [])];
    }
    case 'string':
      return validateString(String(node.value));
    case 'number':
      return schema.minimum !== undefined && Number(node.value) < schema.minimum
        ? [complaint(`must be at least ${schema.minimum}`)]
        : [];
    default:
      return [];
  }

  function validateString(value: string): Complaint[] {
    if (schema.enum && !schema.enum.includes(value)) {
      return [complaint(`must be one of ${schema.enum.map(name => JSON.stringify(name)).join(', ')}`)];
    }
    const tooShort = Array.from(value).length < (schema.minLength ?? 0);
    if (tooShort || (schema.pattern && !new RegExp(schema.pattern, 'u').test(value))) {
      return [complaint(schema.patternErrorMessage ?? 'has the wrong form')];
    }
    return [];
  }

  function complaint(message: string): Complaint {
    return { offset: node.offset, path, message };
  }
}

/** Of several allowed forms, complains about the one whose JSON type fits, since that one was meant. */
function validateAnyOf(node: Node, forms: readonly Schema[], path: string): Complaint[] {
  const meant = forms.filter(form => form.type && hasType(node, form.type));
  const results = meant.map(form => validate(node, form, path));
  if (results.some(result => result.length === 0)) return [];
  const types = forms.map(form => article(form.type ?? 'object')).join(' or ');
  return results[0] ?? [{ offset: node.offset, path, message: `must be ${types}` }];
}

function validateObject(node: Node, schema: Schema, path: string): Complaint[] {
  const found: Complaint[] = [];
  const seen = new Set<string>();
  for (const property of node.children ?? []) {
    const [keyNode, valueNode] = property.children ?? [];
    if (!keyNode || !valueNode) continue;
    const key = String(keyNode.value);
    const at = path === '' ? key : `${path}.${key}`;
    const blame = (message: string): number => found.push({ offset: keyNode.offset, path: at, message });

    if (seen.has(key)) blame('occurs twice');
    seen.add(key);
    if (schema.propertyNames && !new RegExp(schema.propertyNames.pattern, 'u').test(key)) blame('is not a rule id');
    const known = schema.properties && Object.hasOwn(schema.properties, key) ? schema.properties[key] : undefined;
    const own = known ?? schema.additionalProperties;
    if (own === false) {
      const near = closest(key, Object.keys(schema.properties ?? {}));
      blame(near === undefined ? 'is not a known key' : `is not a known key; did you mean "${near}"?`);
    } else if (own) found.push(...validate(valueNode, own, at));
  }
  for (const key of schema.required ?? []) {
    if (!seen.has(key)) found.push({ offset: node.offset, path, message: `must have the key "${key}"` });
  }
  return found;
}

function hasType(node: Node, type: NonNullable<Schema['type']>): boolean {
  return type === 'integer' ? node.type === 'number' && Number.isInteger(node.value) : node.type === type;
}

function article(type: string): string {
  return type === 'boolean'
    ? 'true or false'
    : type === 'integer'
      ? 'a whole number'
      : /^[aeiou]/.test(type)
        ? `an ${type}`
        : `a ${type}`;
}

/** The name that differs by at most a third of its letters, if there is one. */
export function closest(word: string, names: readonly string[]): string | undefined {
  let best: string | undefined;
  // What stands before the last slash is the same in many names and proves no likeness.
  const own = word.length - word.lastIndexOf('/') - 1;
  let least = Math.max(1, Math.floor(own / 3)) + 1;
  for (const name of names) {
    const distance = editDistance(word.toLowerCase(), name.toLowerCase());
    if (distance < least) {
      least = distance;
      best = name;
    }
  }
  return best;
}

function editDistance(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, at) => at);
  for (let i = 1; i <= left.length; i++) {
    const next = [i];
    for (let j = 1; j <= right.length; j++) {
      const swap = (row[j - 1] ?? 0) + (left[i - 1] === right[j - 1] ? 0 : 1);
      next.push(Math.min(swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[right.length] ?? 0;
}
