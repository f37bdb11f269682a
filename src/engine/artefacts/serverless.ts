import type { FunctionEvent, ServerlessFacts, ServerlessFunction } from '../model/artefacts/serverless.ts';
import {
  asString,
  booleanSetting,
  type DocumentNode,
  entries,
  get,
  items,
  keyOf,
  type MapEntry,
  namedSettings,
  numberSetting,
  rangeOf,
  type Setting,
  textSetting,
  textSettings,
} from '../model/document.ts';
import { type ArtefactReader, baseName, hasExtension } from './reader.ts';
import { parseJson } from './tree/json.ts';
import { collect, record } from './tree/record.ts';
import { part } from './tree/words.ts';
import { parseYaml } from './tree/yaml.ts';

export const serverless: ArtefactReader<'serverless'> = {
  kind: 'serverless',

  matches: (path, head) =>
    /^serverless(?:[._-][\w-]+)*\.(?:ya?ml|json)$/.test(baseName(path)) &&
    /["']?(?:provider|functions|service)["']?\s*:/.test(head),

  read(path, text) {
    const { root, problems } = hasExtension(path, 'json') ? parseJson(text) : parseYaml(text);
    const functions = get(root, 'functions');
    const maps = functions?.kind === 'list' ? functions.items : functions ? [functions] : [];
    return record<ServerlessFacts>({
      kind: 'serverless',
      problems,
      service: textSetting(get(root, 'service', 'name') ?? get(root, 'service')),
      provider: readProvider(get(root, 'provider')),
      plugins: textSettings(get(root, 'plugins', 'modules') ?? get(root, 'plugins')),
      functions: maps.flatMap(map => collect(entries(map), item => readFunction(item, text))),
      functionsPartial: maps.some(map => map.kind !== 'map' || map.entries.some(item => item.value.kind !== 'map')),
      custom: get(root, 'custom'),
    });
  },
};

function readProvider(node: DocumentNode | undefined): ServerlessFacts['provider'] {
  return record<ServerlessFacts['provider']>({
    name: textSetting(node?.kind === 'map' ? get(node, 'name') : node),
    runtime: textSetting(get(node, 'runtime')),
    stage: textSetting(get(node, 'stage')),
    region: textSetting(get(node, 'region')),
    timeout: numberSetting(get(node, 'timeout')),
    memorySize: numberSetting(get(node, 'memorySize')),
    environment: namedSettings(get(node, 'environment')),
    authorizers: entries(get(node, 'httpApi', 'authorizers')).map(keyOf),
    httpApiPayload: textSetting(get(node, 'httpApi', 'payload')),
    node: node?.kind === 'map' ? node : undefined,
  });
}

function readFunction(item: MapEntry, text: string): ServerlessFunction | undefined {
  const node = item.value;
  if (node.kind !== 'map') return undefined;
  const url = get(node, 'url');
  const image = get(node, 'image');
  const onFailure = get(node, 'destinations', 'onFailure') ?? get(node, 'onError');
  return record<ServerlessFunction>({
    ...rangeOf(node),
    name: keyOf(item),
    handler: textSetting(get(node, 'handler')),
    image: image && rangeOf(image),
    runtime: textSetting(get(node, 'runtime')),
    timeout: numberSetting(get(node, 'timeout')),
    memorySize: numberSetting(get(node, 'memorySize')),
    reservedConcurrency: numberSetting(get(node, 'reservedConcurrency')),
    environment: namedSettings(get(node, 'environment')),
    url:
      url && !isFalse(url)
        ? record<NonNullable<ServerlessFunction['url']>>({
            ...rangeOf(url),
            authorizer: textSetting(get(url, 'authorizer')),
          })
        : undefined,
    onFailure: onFailure && rangeOf(onFailure),
    events: collect(items(get(node, 'events')), event => readEvent(event, text)),
  });
}

function isFalse(node: DocumentNode): boolean {
  return node.kind === 'scalar' && (node.value === false || node.value === null);
}

function readEvent(event: DocumentNode, text: string): FunctionEvent | undefined {
  if (event.kind === 'scalar') {
    const type = asString(event);
    return type === undefined
      ? undefined
      : { ...rangeOf(event), type: { value: type, ...rangeOf(event) }, node: event };
  }
  const [first] = entries(event);
  if (!first) return undefined;
  const node = first.value;
  const short = node.kind === 'scalar' && /^http(?:Api)?$/.test(first.key) ? shortRoute(node, text) : undefined;
  const authorizer = get(node, 'authorizer');
  return record<FunctionEvent>({
    start: event.start,
    end: event.end,
    type: keyOf(first),
    method: short?.method ?? textSetting(get(node, 'method')),
    path: short?.path ?? textSetting(get(node, 'path') ?? get(node, 'route')),
    authorizer: authorizer && !isFalse(authorizer) ? readAuthorizer(authorizer) : undefined,
    private: booleanSetting(get(node, 'private')),
    node,
  });
}

/** `http: GET /users`, or `httpApi: '*'` for everything. */
function shortRoute(node: DocumentNode, text: string): { method?: Setting; path?: Setting } | undefined {
  const setting = textSetting(node);
  if (!setting || setting.value === null) return undefined;
  const [, method, path] = /^\s*([A-Za-z]+|\*)\s+(\S+)\s*$/.exec(setting.value) ?? [];
  if (!method || !path)
    return setting.value.trim() === '*' ? { method: setting, path: setting } : { path: { ...setting, value: null } };
  const at = setting.value.indexOf(path, setting.value.indexOf(method) + method.length);
  const methodAt = setting.value.indexOf(method);
  return {
    method: { value: method, ...part(setting, text, methodAt, methodAt + method.length) },
    path: { value: path, ...part(setting, text, at, at + path.length) },
  };
}

function readAuthorizer(node: DocumentNode): NonNullable<FunctionEvent['authorizer']> {
  const name =
    node.kind === 'map' ? (get(node, 'name') ?? get(node, 'id') ?? get(node, 'arn') ?? get(node, 'type')) : node;
  return record<NonNullable<FunctionEvent['authorizer']>>({ ...rangeOf(node), name: textSetting(name) });
}
