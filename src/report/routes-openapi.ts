import { compareText } from '../common/compare.ts';
import type { Credential, JsonSchema, RouteDescription } from '../session/api.ts';

const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'] as const;
type Method = (typeof METHODS)[number];
const ANY_METHOD = new Set(['ALL', 'ANY', '*']);
/** What stands for "any method". */
const COMMON = METHODS.slice(0, 4);
const WITH_BODY = new Set<Method>(['put', 'post', 'patch']);
/** Headers that OpenAPI describes elsewhere. */
const OWN_PLACE = /^(?:accept|content-type|authorization)$/i;

const WORDS: Readonly<Record<number, string>> = {
  200: 'OK',
  201: 'Created',
  202: 'Accepted',
  204: 'No Content',
  301: 'Moved Permanently',
  302: 'Found',
  303: 'See Other',
  304: 'Not Modified',
  307: 'Temporary Redirect',
  308: 'Permanent Redirect',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  409: 'Conflict',
  410: 'Gone',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  422: 'Unprocessable Content',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
};

/**
 * An OpenAPI 3.1 document of the HTTP routes: what the code proves of paths, parameters, bodies, answers and security.
 * Routes whose path is not fully known and those that are not HTTP operations are named under `x-underpin-left-out`.
 */
export function openapiDocument(descriptions: readonly RouteDescription[], title: string): object {
  const paths = new Map<string, Record<string, unknown>>();
  const names = new Map<string, { path: string; parameters: readonly string[] }>();
  const schemes = new Map<string, object>();
  const ids = new Set<string>();
  const leftOut: string[] = [];
  for (const description of sorted(descriptions)) {
    const { route } = description;
    const methods = methodsOf(route.method);
    if (methods.length === 0 || route.partial !== undefined || !/^\/[^()]*$/.test(route.path)) {
      leftOut.push(`${route.method} ${route.path}`);
      continue;
    }
    const own = templated(route.path);
    const shape = own.path.replace(/\{[^}]*\}/g, '{}');
    // Two spellings of one path may not stand in one document: the first one's names hold for all.
    const { path, parameters } = names.get(shape) ?? own;
    names.set(shape, { path, parameters });
    const item = paths.get(path) ?? {};
    paths.set(path, item);
    for (const method of methods) item[method] ??= operation(description, method, parameters, schemes, ids);
  }
  return {
    openapi: '3.1.1',
    info: { title, version: '0.0.0' },
    paths: Object.fromEntries(paths),
    ...(schemes.size > 0 ? { components: { securitySchemes: Object.fromEntries(schemes) } } : {}),
    ...(leftOut.length > 0 ? { 'x-underpin-left-out': leftOut } : {}),
  };
}

export function renderOpenapi(descriptions: readonly RouteDescription[], title: string): string {
  return `${JSON.stringify(openapiDocument(descriptions, title), undefined, 2)}\n`;
}

function sorted(descriptions: readonly RouteDescription[]): RouteDescription[] {
  return [...descriptions].sort(
    ({ route: left }, { route: right }) => compareText(left.path, right.path) || compareText(left.method, right.method),
  );
}

function methodsOf(method: string): readonly Method[] {
  return ANY_METHOD.has(method.toUpperCase()) ? COMMON : METHODS.filter(known => known === method.toLowerCase());
}

function operation(
  description: RouteDescription,
  method: Method,
  names: readonly string[],
  schemes: Map<string, object>,
  ids: Set<string>,
): object {
  const { route, input } = description;
  const parameters = [
    ...names.map(name => ({
      name,
      in: 'path',
      required: true,
      schema: propertiesOf(input.params)[name] ?? { type: 'string' },
    })),
    ...listed(input.query, 'query'),
    ...listed(input.headers, 'header').filter(({ name }) => !OWN_PLACE.test(name)),
  ];
  const body = bodyOf(description, method);
  return {
    operationId: operationId(method, route.path, ids),
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(body ? { requestBody: body } : {}),
    responses: responsesOf(description, method),
    ...securityOf(description, schemes),
    'x-underpin': { ...route.verdicts, ...(route.isPublic === undefined ? {} : { public: route.isPublic }) },
  };
}

function propertiesOf(schema: JsonSchema | undefined): Readonly<Record<string, JsonSchema>> {
  return (schema?.['properties'] ?? {}) as Readonly<Record<string, JsonSchema>>;
}

function listed(schema: JsonSchema | undefined, place: 'query' | 'header'): { name: string }[] {
  const required = (schema?.['required'] ?? []) as readonly string[];
  return Object.entries(propertiesOf(schema)).map(([name, own]) => ({
    name,
    in: place,
    ...(required.includes(name) ? { required: true } : {}),
    schema: own,
  }));
}

/** A DELETE has a body only where its own handler reads one. */
function bodyOf({ route, input }: RouteDescription, method: Method): object | undefined {
  const mayHave = WITH_BODY.has(method) || (method === 'delete' && route.method === 'DELETE');
  if (!mayHave || (!input.body && route.input.body === undefined)) return undefined;
  const required = ((input.body?.['required'] ?? []) as readonly string[]).length > 0;
  return {
    ...(required ? { required } : {}),
    content: { 'application/json': { schema: input.body ?? {} } },
  };
}

function responsesOf({ route, statuses }: RouteDescription, method: Method): object {
  const codes = new Set(statuses);
  // Nothing else is said of success: the framework answers with its own default.
  if (!statuses.some(code => code < 400)) codes.add(route.framework === 'nest' && method === 'post' ? 201 : 200);
  const { auth, authorization, validation, rateLimit } = route.verdicts;
  if (validation === 'yes' && !codes.has(422)) codes.add(400);
  if (auth === 'yes') codes.add(401);
  if (authorization === 'yes') codes.add(403);
  if (rateLimit === 'yes') codes.add(429);
  const list = [...codes].sort((a, b) => a - b);
  return Object.fromEntries(list.map(code => [String(code), { description: WORDS[code] ?? `Status ${code}` }]));
}

/** Roles stand beside the scheme, which OpenAPI allows since 3.1. */
function securityOf({ route, credential }: RouteDescription, schemes: Map<string, object>): object {
  if (route.verdicts.auth === 'no') return { security: [] };
  if (route.verdicts.auth !== 'yes') return {};
  const [name, scheme] = schemeOf(credential ?? { kind: 'bearer' });
  schemes.set(name, scheme);
  return { security: [{ [name]: route.verdicts.authorization === 'yes' ? route.roles : [] }] };
}

function schemeOf(credential: Credential): readonly [name: string, scheme: object] {
  if (credential.kind === 'bearer') return ['bearer', { type: 'http', scheme: 'bearer' }];
  const { kind, name } = credential;
  return [`${kind}-${name.replace(/[^\w.-]+/g, '-')}`, { type: 'apiKey', in: kind, name }];
}

/** `getOrdersById`; a number is added where several routes would share it. */
function operationId(method: Method, path: string, taken: Set<string>): string {
  const words = path.split(/[^\w:*]+/).flatMap(part => {
    const word = part.replace(/[:*?]/g, '');
    return word === '' ? [] : [(/^[:*]/.test(part) ? 'By' : '') + word[0]!.toUpperCase() + word.slice(1)];
  });
  const wanted = method + (words.join('') || 'Root');
  let id = wanted;
  for (let copy = 2; taken.has(id); copy++) id = `${wanted}${copy}`;
  taken.add(id);
  return id;
}

/** `:id`, `:id(\\d+)`, `:id{\\d+}`, `{id}`, `[id]`, `[...rest]`, `*` and `*rest` all become `{name}`. */
function templated(path: string): { path: string; parameters: string[] } {
  const parameters: string[] = [];
  const template = path.replace(
    /:(\w+)(?:\([^)]*\)|\{[^}]*\})?[?*+]?|\{(\w+)[^}]*\}|\[{1,2}(?:\.{3})?(\w+)\]{1,2}|\{?\*(\w*)\}?/g,
    (_, ...names: (string | undefined)[]) => {
      const wanted = names.slice(0, 4).find(name => name) ?? 'rest';
      let name = wanted;
      for (let copy = 2; parameters.includes(name); copy++) name = `${wanted}${copy}`;
      parameters.push(name);
      return `{${name}}`;
    },
  );
  return { path: template, parameters };
}
