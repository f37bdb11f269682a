import type { TsconfigFacts } from '../model/artefacts/project.ts';
import { booleanSetting, entries, get, items, keyOf, textSetting, textSettings } from '../model/document.ts';
import { type ArtefactReader, baseName } from './reader.ts';
import { parseJson } from './tree/json.ts';
import { collect, record } from './tree/record.ts';

export const tsconfig: ArtefactReader<'tsconfig'> = {
  kind: 'tsconfig',

  matches: path => /^(?:ts|js)config(?:[.-][\w.-]+)?\.json$/.test(baseName(path)),

  read(_path, text) {
    const { root, problems } = parseJson(text);
    const options = get(root, 'compilerOptions');
    const list = (key: string) => {
      const node = get(root, key);
      return node && textSettings(node);
    };
    return record<TsconfigFacts>({
      kind: 'tsconfig',
      problems,
      extends: textSettings(get(root, 'extends')),
      baseUrl: textSetting(get(options, 'baseUrl')),
      paths: entries(get(options, 'paths')).map(item => ({ pattern: keyOf(item), targets: textSettings(item.value) })),
      rootDir: textSetting(get(options, 'rootDir')),
      outDir: textSetting(get(options, 'outDir')),
      module: textSetting(get(options, 'module')),
      moduleResolution: textSetting(get(options, 'moduleResolution')),
      target: textSetting(get(options, 'target')),
      strict: booleanSetting(get(options, 'strict')),
      experimentalDecorators: booleanSetting(get(options, 'experimentalDecorators')),
      emitDecoratorMetadata: booleanSetting(get(options, 'emitDecoratorMetadata')),
      references: collect(items(get(root, 'references')), item => textSetting(get(item, 'path'))),
      include: list('include'),
      exclude: list('exclude'),
      files: list('files'),
    });
  },
};
