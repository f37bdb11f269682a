import type { OperationReader } from '../link/operations.ts';
import { defineAdapter } from './adapter.ts';

const SCHEMA_METHODS = (
  'optional nullable nullish default catch describe brand readonly refine superRefine transform pipe array or and ' +
  'strict strip passthrough loose catchall extend merge pick omit partial deepPartial required keyof safeExtend ' +
  'min max length email url uuid regex trim int positive nonnegative nonempty meta keys append unknown label ' +
  'messages options rename fork tailor concat shape noUnknown test when xor alter items valid'
).split(' ');
const ZOD =
  'object strictObject looseObject array union discriminatedUnion intersection record tuple string number preprocess lazy'.split(
    ' ',
  );
const JOI = 'object array string number alternatives any'.split(' ');

const bySchema =
  (library: string): OperationReader =>
  ({ arg }) => ({ kind: 'validate', args: { input: arg(0) }, is: { library } });
const withSchema =
  (library: string, schema: number, input: number): OperationReader =>
  ({ arg }) => ({ kind: 'validate', args: { schema: arg(schema), input: arg(input) }, is: { library } });

/** Checks of input against a schema. A cast or a declared type is none. */
export const validators = defineAdapter({
  id: 'validators',
  title: 'Validation libraries',
  docs: 'https://zod.dev',
  packages: ['zod', 'joi', 'yup', 'ajv', 'valibot', 'class-validator', 'express-validator', 'superstruct'],
  aliases: {
    'zod.z': 'zod',
    'zod/v4': 'zod',
    'zod/v3': 'zod',
    'zod/mini': 'zod',
    '@hapi/joi': 'joi',
    'ajv.Ajv': 'ajv',
    'ajv.default': 'ajv',
    'ajv/dist/2020': 'ajv',
    ...schemas('zod', ZOD),
    ...schemas('joi', JOI),
    ...schemas('yup', JOI),
  },
  middleware: {
    'express-zod-api.EndpointsFactory': ['validates-body'],
    'zod-express-middleware.validateRequest()': ['validates-body', 'validates-query', 'validates-params'],
    'zod-express-middleware.validateRequestBody()': ['validates-body'],
    'express-openapi-validator.middleware()': ['validates-body', 'validates-query', 'validates-params'],
    '@hono/zod-validator.zValidator()': ['validates-body'],
  },
  operations: {
    ...each(['parse', 'safeParse', 'parseAsync', 'safeParseAsync'], 'zod.Schema', bySchema('zod')),
    ...each(['validate', 'validateAsync'], 'joi.Schema', bySchema('joi')),
    ...each(['validate', 'validateSync', 'isValid', 'isValidSync'], 'yup.Schema', bySchema('yup')),
    'joi.attempt': withSchema('joi', 1, 0),
    'joi.assert': withSchema('joi', 1, 0),
    'ajv#compile()': bySchema('ajv'),
    'ajv#validate': withSchema('ajv', 0, 1),
    'valibot.parse': withSchema('valibot', 0, 1),
    'valibot.safeParse': withSchema('valibot', 0, 1),
    'valibot.parseAsync': withSchema('valibot', 0, 1),
    'class-validator.validate': bySchema('class-validator'),
    'class-validator.validateOrReject': bySchema('class-validator'),
    'class-validator.validateSync': bySchema('class-validator'),
    'express-validator.validationResult': bySchema('express-validator'),
    'express-validator.matchedData': bySchema('express-validator'),
    'express-validator.checkSchema': bySchema('express-validator'),
    'superstruct.assert': withSchema('superstruct', 1, 0),
    'superstruct.create': withSchema('superstruct', 1, 0),
    '@sinclair/typebox/value.Value.Check': withSchema('typebox', 0, 1),
    '@sinclair/typebox/value.Value.Parse': withSchema('typebox', 0, 1),
    '@sinclair/typebox/value.Value.Decode': withSchema('typebox', 0, 1),
  },
});

/** What constructors of schemas and their fluent methods give is one and the same: a schema. */
function schemas(library: string, constructors: readonly string[]): Record<string, string> {
  const schema = `${library}.Schema`;
  return Object.fromEntries([
    ...constructors.map(name => [`${library}.${name}()`, schema]),
    ...SCHEMA_METHODS.map(name => [`${schema}#${name}()`, schema]),
  ]);
}

function each(methods: readonly string[], schema: string, read: OperationReader): Record<string, OperationReader> {
  return Object.fromEntries(methods.map(name => [`${schema}#${name}`, read]));
}
