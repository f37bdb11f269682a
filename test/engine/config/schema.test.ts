import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Ajv } from 'ajv';
import fc from 'fast-check';
import { parseConfig } from '../../../src/engine/config/parse.ts';
import { configSchema, type Schema } from '../../../src/engine/config/schema.ts';

const FILE = new URL('../../../schemas/underpin.config.schema.json', import.meta.url);
const schema: unknown = JSON.parse(JSON.stringify(configSchema));
const accepts = new Ajv({
  strict: true,
  strictTypes: false,
  keywords: ['patternErrorMessage', 'allowTrailingCommas'],
}).compile(schema as object);

test('the shipped schema is the one the parser reads', () => {
  assert.deepEqual(JSON.parse(readFileSync(FILE, 'utf8')), schema);
});

test('the parser accepts exactly what the schema accepts', () => {
  let accepted = 0;
  fc.assert(
    fc.property(mutated(configSchema), value => {
      const text = JSON.stringify(value);
      const valid = accepts(JSON.parse(text)) === true;
      if (valid) accepted++;
      const { problems } = parseConfig('c', text);
      assert.equal(
        problems.length === 0,
        valid,
        `${text}\n${JSON.stringify(problems)}\n${JSON.stringify(accepts.errors)}`,
      );
    }),
    { numRuns: 2000 },
  );
  assert.ok(accepted > 200, 'enough values are valid for the comparison to mean something');
});

/** Values that fit the schema, with now and then something that does not. */
function mutated(part: Schema): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 150, arbitrary: fitting(part) }, { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 1 }) });
}

const WORDS = [
  'security/missing-auth',
  'src/**',
  '/health',
  'POST /login',
  'main',
  'a#b',
  '..',
  '../a',
  'x\\y',
  '',
  '-x',
  'é 1',
  'C:/a',
];

function fitting(part: Schema): fc.Arbitrary<unknown> {
  if (part.anyOf) return fc.oneof(...part.anyOf.map(mutated));
  switch (part.type) {
    case 'object': {
      const known = Object.entries(part.properties ?? {}).map(([key, value]) => [key, mutated(value)] as const);
      const rest = part.additionalProperties ? mutated(part.additionalProperties) : fc.constant(1);
      const extra = fc.dictionary(fc.constantFrom('security/missing-auth', 'a/b', 'a/b', 'a/c', 'no-id'), rest, {
        maxKeys: part.additionalProperties ? 3 : 0,
      });
      const model = fc.record(Object.fromEntries(known), { requiredKeys: [...(part.required ?? [])] });
      return fc.tuple(model, extra).map(([own, more]) => ({ ...own, ...more }));
    }
    case 'array':
      return fc.array(mutated(part.items ?? {}), { maxLength: 3 });
    case 'boolean':
      return fc.boolean();
    case 'integer':
      return fc.integer({ min: -1, max: 100 });
    default:
      return part.enum
        ? fc.constantFrom(...part.enum)
        : fc.oneof(
            {
              weight: 8,
              arbitrary: part.pattern
                ? fc.stringMatching(new RegExp(part.pattern.replace(/\(\?!.*?\)+(?=\.)/, '')))
                : fc.string(),
            },
            { weight: 1, arbitrary: fc.constantFrom(...WORDS) },
          );
  }
}
