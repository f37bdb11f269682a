import type { WranglerBinding, WranglerFacts, WranglerSection } from '../model/artefacts/serverless.ts';
import {
  booleanSetting,
  type DocumentNode,
  entries,
  entry,
  get,
  items,
  keyOf,
  type MapEntry,
  rangeOf,
  textSetting,
  textSettings,
} from '../model/document.ts';
import { type ArtefactReader, baseName, hasExtension } from './reader.ts';
import { parseJson } from './tree/json.ts';
import { collect, record } from './tree/record.ts';
import { parseToml } from './tree/toml.ts';

/** Lists that name the member of `env` otherwise than by `binding`. */
const NAMED: readonly (readonly [type: string, path: readonly string[], key: string])[] = [
  ['durable_objects', ['durable_objects', 'bindings'], 'name'],
  ['queues', ['queues', 'producers'], 'binding'],
  ['send_email', ['send_email'], 'name'],
  ['ratelimits', ['ratelimits'], 'name'],
  ['unsafe', ['unsafe', 'bindings'], 'name'],
  ['logfwdr', ['logfwdr', 'bindings'], 'name'],
];
/** Maps whose keys are members of `env`. */
const MAPS = ['vars', 'wasm_modules', 'text_blobs', 'data_blobs'];

export const wrangler: ArtefactReader<'wrangler'> = {
  kind: 'wrangler',

  matches: path => /^wrangler(?:[._-][\w-]+)*\.(?:toml|jsonc?)$/.test(baseName(path)),

  read(path, text) {
    const isToml = hasExtension(path, 'toml');
    const { root, problems } = isToml ? parseToml(text) : parseJson(text);
    return {
      kind: 'wrangler',
      format: isToml ? 'toml' : 'json',
      problems,
      ...readSection(root),
      environments: entries(get(root, 'env')).map(item => ({ ...readSection(item.value), environment: keyOf(item) })),
    } satisfies WranglerFacts;
  },
};

function readSection(node: DocumentNode | undefined): WranglerSection {
  const assets = get(node, 'assets');
  return record<WranglerSection>({
    ...(node ? rangeOf(node) : { start: 0, end: 0 }),
    name: textSetting(get(node, 'name')),
    main: textSetting(get(node, 'main')),
    compatibilityDate: textSetting(get(node, 'compatibility_date')),
    compatibilityFlags: textSettings(get(node, 'compatibility_flags')),
    nodeCompat: booleanSetting(get(node, 'node_compat')),
    bindings: readBindings(node),
    crons: textSettings(get(node, 'triggers', 'crons')),
    queueConsumers: items(get(node, 'queues', 'consumers')).map(item =>
      record<WranglerSection['queueConsumers'][number]>({
        ...rangeOf(item),
        queue: textSetting(get(item, 'queue')),
        deadLetterQueue: textSetting(get(item, 'dead_letter_queue')),
      }),
    ),
    classes: [
      ...items(get(node, 'durable_objects', 'bindings')).map(item => readClass('durable-object', item)),
      ...items(get(node, 'workflows')).map(item => readClass('workflow', item)),
    ],
    migrations: items(get(node, 'migrations')).map(item =>
      record<WranglerSection['migrations'][number]>({
        ...rangeOf(item),
        tag: textSetting(get(item, 'tag')),
        created: [
          ...textSettings(get(item, 'new_classes')),
          ...textSettings(get(item, 'new_sqlite_classes')),
          ...collect(items(get(item, 'renamed_classes')), renamed => textSetting(get(renamed, 'to'))),
          ...collect(items(get(item, 'transferred_classes')), moved => textSetting(get(moved, 'to'))),
        ],
        deleted: textSettings(get(item, 'deleted_classes')),
      }),
    ),
    assets:
      assets &&
      record<NonNullable<WranglerSection['assets']>>({
        ...rangeOf(assets),
        directory: textSetting(get(assets, 'directory')),
      }),
  });
}

function readBindings(node: DocumentNode | undefined): WranglerBinding[] {
  const bindings: WranglerBinding[] = [];
  const push = (type: string, item: DocumentNode, key: string): void => {
    const name = textSetting(get(item, key));
    if (name) bindings.push({ type, name, ...rangeOf(item) });
  };
  for (const [type, path, key] of NAMED) for (const item of items(get(node, ...path))) push(type, item, key);
  const known = new Set(NAMED.map(([type]) => type));
  for (const { key: type, value } of entries(node)) {
    if (type === 'env' || known.has(type)) continue;
    // New products keep the shape: a list of maps, or one map, with a `binding`.
    for (const item of value.kind === 'list' ? value.items : [value]) push(type, item, 'binding');
  }
  for (const type of MAPS) bindings.push(...entries(get(node, type)).map(item => toVariable(type, item)));
  for (const name of textSettings(entry(get(node, 'secrets'), 'required')?.value))
    bindings.push({ type: 'secrets', name, start: name.start, end: name.end });
  return bindings;
}

function toVariable(type: string, item: MapEntry): WranglerBinding {
  return record<WranglerBinding>({
    type,
    name: keyOf(item),
    value: item.value.kind === 'scalar' ? textSetting(item.value) : undefined,
    start: item.keyStart,
    end: item.value.end,
  });
}

function readClass(type: 'durable-object' | 'workflow', item: DocumentNode): WranglerSection['classes'][number] {
  return record<WranglerSection['classes'][number]>({
    ...rangeOf(item),
    type,
    binding: textSetting(get(item, type === 'workflow' ? 'binding' : 'name')),
    className: textSetting(get(item, 'class_name')),
    scriptName: textSetting(get(item, 'script_name')),
  });
}
