import type { Endpoint } from '../link/endpoint.ts';
import type { Model } from '../link/model.ts';
import type { OpenApiFacts } from '../model/artefacts/api.ts';
import { usualSecurity } from '../queries/api/spec-security.ts';
import { inputSchemas } from '../queries/input-schema.ts';
import { answeredStatuses } from '../queries/route-answers.ts';
import type { JsonSchema } from '../queries/schema-values.ts';

const WITH_BODY = new Set(['POST', 'PUT', 'PATCH']);
const WORDS: Readonly<Record<number, string>> = {
  200: 'OK',
  201: 'Created',
  204: 'No Content',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  409: 'Conflict',
  422: 'Unprocessable Content',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
};

/** What a document of this version would say of a route, as far as the code shows it. */
export function describedRoute(model: Model, facts: OpenApiFacts, route: Endpoint, specPath: string): object {
  const names = [...specPath.matchAll(/\{(\w+)\}/g)].map(match => match[1]!);
  const version = facts.version.value;
  if (version.startsWith('2')) {
    const parameters = names.map(name => ({ name, in: 'path', required: true, type: 'string' }));
    return { ...(parameters.length > 0 ? { parameters } : {}), responses: { 200: { description: 'OK' } } };
  }
  const { params, query, body } = inputSchemas(model, route);
  const fitted = (schema: JsonSchema): JsonSchema =>
    version.startsWith('3.0') ? (olderSchema(schema) as JsonSchema) : schema;
  const typeOf = (name: string): JsonSchema => fitted(propertiesOf(params)[name] ?? { type: 'string' });
  const required = new Set((query?.['required'] ?? []) as readonly string[]);
  const parameters = [
    ...names.map(name => ({ name, in: 'path', required: true, schema: typeOf(name) })),
    ...Object.entries(propertiesOf(query)).map(([name, schema]) => ({
      name,
      in: 'query',
      ...(required.has(name) ? { required: true } : {}),
      schema: fitted(schema),
    })),
  ];
  return {
    ...securityOf(facts, route),
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(body && WITH_BODY.has(route.method)
      ? { requestBody: { required: true, content: { 'application/json': { schema: fitted(body) } } } }
      : {}),
    responses: responsesOf(model, route),
  };
}

function propertiesOf(schema: JsonSchema | undefined): Readonly<Record<string, JsonSchema>> {
  return (schema?.['properties'] ?? {}) as Readonly<Record<string, JsonSchema>>;
}

function securityOf(facts: OpenApiFacts, { auth, isPublic }: Endpoint): object {
  const stated = facts.security?.some(({ schemes }) => schemes.length > 0) ?? false;
  const usual = usualSecurity(facts);
  if (auth === 'yes' && !stated && usual !== undefined) return { security: [{ [usual]: [] }] };
  return stated && auth === 'no' && isPublic !== undefined ? { security: [] } : {};
}

function responsesOf({ program }: Model, route: Endpoint): object {
  const codes = new Set(answeredStatuses(program, route));
  if (![...codes].some(code => code < 400))
    codes.add(route.framework === 'nest' && route.method === 'POST' ? 201 : 200);
  if (route.validation === 'yes' && !codes.has(422)) codes.add(400);
  if (route.auth === 'yes') codes.add(401);
  if (route.authorization === 'yes') codes.add(403);
  if (route.rateLimit === 'yes') codes.add(429);
  const list = [...codes].sort((a, b) => a - b);
  return Object.fromEntries(list.map(code => [String(code), { description: WORDS[code] ?? `Status ${code}` }]));
}

/** OpenAPI 3.0 has no `null` type, no `const`, no tuples, and bounds that say whether they are exclusive. */
function olderSchema(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(olderSchema);
  if (typeof value !== 'object' || value === null) return value;
  const out: Record<string, unknown> = {};
  for (const [name, own] of Object.entries(value)) {
    if (name === 'type' && Array.isArray(own)) {
      out['type'] = own.find(one => one !== 'null');
      out['nullable'] = own.includes('null');
    } else if (name === 'const') out['enum'] = [own];
    else if (name === 'exclusiveMinimum') Object.assign(out, { minimum: own, exclusiveMinimum: true });
    else if (name === 'exclusiveMaximum') Object.assign(out, { maximum: own, exclusiveMaximum: true });
    else if (name === 'prefixItems') out['items'] = {};
    else out[name] = olderSchema(own);
  }
  return out;
}
