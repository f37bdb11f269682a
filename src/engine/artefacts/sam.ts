import type { SamFacts, SamFunction } from '../model/artefacts/serverless.ts';
import {
  asString,
  type DocumentNode,
  entries,
  get,
  keyOf,
  type MapEntry,
  namedSettings,
  numberSetting,
  rangeOf,
  textSetting,
  textSettings,
} from '../model/document.ts';
import { type ArtefactReader, hasExtension, isYaml } from './reader.ts';
import { parseJson } from './tree/json.ts';
import { collect, record } from './tree/record.ts';
import { parseYaml } from './tree/yaml.ts';

type SamEvent = SamFunction['events'][number];

const APIS = { 'AWS::Serverless::Api': 'api', 'AWS::Serverless::HttpApi': 'http-api' } as const;

export const sam: ArtefactReader<'sam'> = {
  kind: 'sam',

  matches: (path, head) =>
    (isYaml(path) || hasExtension(path, 'json', 'template')) &&
    /AWS::Serverless(?:-2016-10-31|::\w)/.test(head) &&
    /["']?(?:Resources|Transform)["']?\s*:/.test(head),

  read(path, text) {
    const { root, problems } = hasExtension(path, 'json') ? parseJson(text) : parseYaml(text);
    const globals = get(root, 'Globals');
    const resources = entries(get(root, 'Resources'));
    return {
      kind: 'sam',
      problems,
      globals: record<SamFacts['globals']>({
        runtime: textSetting(get(globals, 'Function', 'Runtime')),
        handler: textSetting(get(globals, 'Function', 'Handler')),
        codeUri: textSetting(get(globals, 'Function', 'CodeUri')),
        timeout: numberSetting(get(globals, 'Function', 'Timeout')),
        memorySize: numberSetting(get(globals, 'Function', 'MemorySize')),
        environment: namedSettings(get(globals, 'Function', 'Environment', 'Variables')),
        defaultAuthorizer: textSetting(
          get(globals, 'Api', 'Auth', 'DefaultAuthorizer') ?? get(globals, 'HttpApi', 'Auth', 'DefaultAuthorizer'),
        ),
      }),
      functions: resources.filter(item => typeOf(item.value) === 'AWS::Serverless::Function').map(readFunction),
      apis: collect(resources, item => {
        const type = APIS[typeOf(item.value) as keyof typeof APIS];
        const auth = get(item.value, 'Properties', 'Auth');
        return (
          type &&
          record<SamFacts['apis'][number]>({
            ...rangeOf(item.value),
            id: keyOf(item),
            type,
            authorizers: entries(get(auth, 'Authorizers')).map(keyOf),
            defaultAuthorizer: textSetting(get(auth, 'DefaultAuthorizer')),
          })
        );
      }),
    };
  },
};

function typeOf(node: DocumentNode): string {
  return asString(get(node, 'Type')) ?? '';
}

function readFunction(item: MapEntry): SamFunction {
  const properties = get(item.value, 'Properties');
  const url = get(properties, 'FunctionUrlConfig');
  return record<SamFunction>({
    ...rangeOf(item.value),
    id: keyOf(item),
    handler: textSetting(get(properties, 'Handler')),
    codeUri: textSetting(get(properties, 'CodeUri')),
    runtime: textSetting(get(properties, 'Runtime')),
    packageType: textSetting(get(properties, 'PackageType')),
    imageUri: textSetting(get(properties, 'ImageUri')),
    inlineCode: get(properties, 'InlineCode') !== undefined,
    timeout: numberSetting(get(properties, 'Timeout')),
    memorySize: numberSetting(get(properties, 'MemorySize')),
    environment: namedSettings(get(properties, 'Environment', 'Variables')),
    functionUrl:
      url &&
      record<NonNullable<SamFunction['functionUrl']>>({ ...rangeOf(url), authType: textSetting(get(url, 'AuthType')) }),
    deadLetter: ['DeadLetterQueue', 'EventInvokeConfig'].some(key => get(properties, key) !== undefined),
    buildMethod: textSetting(get(item.value, 'Metadata', 'BuildMethod')),
    entryPoints: textSettings(get(item.value, 'Metadata', 'BuildProperties', 'EntryPoints')),
    events: collect(entries(get(properties, 'Events')), readEvent),
  });
}

function readEvent(item: MapEntry): SamEvent | undefined {
  const type = get(item.value, 'Type');
  const properties = get(item.value, 'Properties') ?? item.value;
  const auth = get(properties, 'Auth');
  const authorizer = get(auth, 'Authorizer');
  const name = asString(type);
  if (!type || name === undefined) return undefined;
  return record<SamEvent>({
    ...rangeOf(item.value),
    name: keyOf(item),
    type: { value: name, ...rangeOf(type) },
    method: textSetting(get(properties, 'Method')),
    path: textSetting(get(properties, 'Path')),
    authorizer:
      authorizer &&
      record<NonNullable<SamEvent['authorizer']>>({ ...rangeOf(authorizer), name: textSetting(authorizer) }),
    private: undefined,
    auth,
    node: properties,
  });
}
