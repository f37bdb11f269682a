import type { ApiOperation, ApiParameter, ApiSecurityRequirement, OpenApiFacts } from '../model/artefacts/api.ts';
import {
  asBoolean,
  asString,
  type DocumentNode,
  entries,
  get,
  items,
  keyOf,
  type MapEntry,
  rangeOf,
  textSetting,
  textSettings,
} from '../model/document.ts';
import { type ArtefactReader, baseName, hasExtension, hasRootKey, isYaml } from './reader.ts';
import { parseJson } from './tree/json.ts';
import { collect, record } from './tree/record.ts';
import { parseYaml } from './tree/yaml.ts';

const METHODS = new Set(['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace', 'query']);
const MAX_REF_DEPTH = 8;

/** Follows a `$ref` within the file; undefined if it leads elsewhere or nowhere. */
type Resolve = (node: DocumentNode | undefined) => DocumentNode | undefined;

/**
 * Reads the position tree and looks `$ref`s up itself: the OpenAPI library's dereferencing is asynchronous, reads other
 * files and loses positions.
 */
export const openapi: ArtefactReader<'openapi'> = {
  kind: 'openapi',

  matches: (path, head) =>
    (isYaml(path) || hasExtension(path, 'json')) &&
    // Tools that sort keys put the version last, where the head does not show it.
    (/^(?:openapi|swagger)\.\w+$/.test(baseName(path)) || hasRootKey(head, 'openapi') || hasRootKey(head, 'swagger')),

  read(path, text) {
    const { root, problems } = hasExtension(path, 'json') ? parseJson(text) : parseYaml(text);
    const versionNode = get(root, 'openapi') ?? get(root, 'swagger');
    const paths = get(root, 'paths');
    let unresolvedRefs = 0;
    const resolve: Resolve = node => {
      let current = node;
      for (let depth = 0; current && depth < MAX_REF_DEPTH; depth++) {
        const ref = asString(get(current, '$ref'));
        if (ref === undefined) return current;
        current = ref.startsWith('#/') ? get(root, ...pointer(ref)) : undefined;
      }
      if (node) unresolvedRefs++;
      return undefined;
    };
    const schemes = entries(get(root, 'components', 'securitySchemes') ?? get(root, 'securityDefinitions'));
    return record<OpenApiFacts>({
      kind: 'openapi',
      problems,
      version: {
        value: textSetting(versionNode)?.value ?? '',
        start: versionNode?.start ?? 0,
        end: versionNode?.end ?? 0,
      },
      title: textSetting(get(root, 'info', 'title')),
      servers: readServers(root),
      operations: entries(paths).flatMap(item => readPath(item, get(root, 'consumes'), resolve)),
      securitySchemes: schemes.map(item => {
        const scheme = resolve(item.value);
        return record<OpenApiFacts['securitySchemes'][number]>({
          ...rangeOf(item.value),
          name: keyOf(item),
          type: textSetting(get(scheme, 'type')),
          scheme: textSetting(get(scheme, 'scheme')),
          in: textSetting(get(scheme, 'in')),
          parameterName: textSetting(get(scheme, 'name')),
        });
      }),
      security: readSecurity(get(root, 'security')),
      paths: paths && rangeOf(paths),
      unresolvedRefs,
    });
  },
};

function pointer(ref: string): (string | number)[] {
  return ref
    .slice(2)
    .split('/')
    .map(step => {
      const name = step.replace(/~1/g, '/').replace(/~0/g, '~');
      try {
        return decodeURIComponent(name);
      } catch {
        return name;
      }
    });
}

function readServers(root: DocumentNode | undefined): OpenApiFacts['servers'] {
  const basePath = get(root, 'basePath');
  if (get(root, 'swagger')) {
    const url = textSetting(basePath);
    return url
      ? [record<OpenApiFacts['servers'][number]>({ ...rangeOf(url), url, basePath: toBasePath(url.value) })]
      : [];
  }
  return collect(items(get(root, 'servers')), server => {
    const url = textSetting(get(server, 'url'));
    if (!url) return undefined;
    const filled = url.value?.replace(
      /\{([^}]*)\}/g,
      (whole, name: string) => asString(get(server, 'variables', name, 'default')) ?? whole,
    );
    return record<OpenApiFacts['servers'][number]>({ ...rangeOf(server), url, basePath: toBasePath(filled) });
  });
}

function toBasePath(url: string | null | undefined): string | undefined {
  if (url === null || url === undefined) return undefined;
  const path = url
    .replace(/^(?:[a-z][a-z0-9+.-]*:)?\/\/[^/]*/i, '')
    .replace(/[?#].*$/, '')
    .replace(/\/+$/, '');
  if (/[{}]/.test(path)) return undefined;
  return path === '' || path.startsWith('/') ? path : `/${path}`;
}

function readPath(item: MapEntry, consumes: DocumentNode | undefined, resolve: Resolve): ApiOperation[] {
  if (!item.key.startsWith('/')) return [];
  const node = resolve(item.value);
  const shared = items(get(node, 'parameters'));
  const operations = [
    ...entries(node).filter(operation => METHODS.has(operation.key.toLowerCase())),
    ...entries(get(node, 'additionalOperations')),
  ];
  return operations.map(operation => {
    const value = operation.value;
    const parameters = [...items(get(value, 'parameters')), ...shared];
    return record<ApiOperation>({
      start: operation.keyStart,
      end: Math.max(operation.keyEnd, value.end),
      method: { ...keyOf(operation), value: operation.key.toUpperCase() },
      path: keyOf(item),
      operationId: textSetting(get(value, 'operationId')),
      summary: textSetting(get(value, 'summary')),
      deprecated: asBoolean(get(value, 'deprecated')) === true,
      internal: asBoolean(get(value, 'x-internal') ?? get(node, 'x-internal')) === true,
      tags: textSettings(get(value, 'tags')),
      security: readSecurity(get(value, 'security')),
      parameters: collect(parameters, parameter => readParameter(resolve(parameter))),
      requestBody: readBody(value, parameters, consumes, resolve),
      responses: entries(get(value, 'responses')).map(keyOf),
    });
  });
}

function readParameter(node: DocumentNode | undefined): ApiParameter | undefined {
  const place = asString(get(node, 'in'));
  const name = textSetting(get(node, 'name'));
  if (!node || !name || !place || place === 'body') return undefined;
  return record<ApiParameter>({
    ...rangeOf(node),
    name,
    in: place,
    required: asBoolean(get(node, 'required')) === true,
    type: textSetting(get(node, 'schema', 'type') ?? get(node, 'type')),
  });
}

function readBody(
  operation: DocumentNode,
  parameters: readonly DocumentNode[],
  consumes: DocumentNode | undefined,
  resolve: Resolve,
): ApiOperation['requestBody'] {
  const written = get(operation, 'requestBody');
  const body = written
    ? resolve(written)
    : collect(parameters, item => resolve(item)).find(item => asString(get(item, 'in')) === 'body');
  if (!body) return undefined;
  const content = entries(get(body, 'content'));
  const json = content.find(item => /[/+]json\b/.test(item.key)) ?? content[0];
  const reference = get(json?.value, 'schema') ?? get(body, 'schema');
  const schema = resolve(reference);
  const required = new Set(collect(items(get(schema, 'required')), asString));
  return record<NonNullable<ApiOperation['requestBody']>>({
    ...rangeOf(written ?? body),
    required: asBoolean(get(body, 'required')) === true,
    contentTypes: written
      ? content.map(item => item.key)
      : collect(items(get(operation, 'consumes') ?? consumes), asString),
    schemaRef: asString(get(reference, '$ref')),
    properties: entries(get(schema, 'properties')).map(item =>
      record<NonNullable<ApiOperation['requestBody']>['properties'][number]>({
        name: item.key,
        required: required.has(item.key),
        type: textSetting(get(item.value, 'type')),
      }),
    ),
    composed: ['allOf', 'anyOf', 'oneOf', 'not', 'if'].some(key => get(schema, key)) ? true : undefined,
  });
}

function readSecurity(node: DocumentNode | undefined): ApiSecurityRequirement[] | undefined {
  if (node?.kind !== 'list') return undefined;
  return node.items.map(item => ({ ...rangeOf(item), schemes: entries(item).map(scheme => scheme.key) }));
}
