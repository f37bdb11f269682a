import type { Dependency, PackageJsonFacts } from '../model/artefacts/project.ts';
import {
  booleanSetting,
  type DocumentNode,
  entries,
  get,
  keyOf,
  type NamedSetting,
  type Setting,
  textSetting,
  textSettings,
} from '../model/document.ts';
import { type ArtefactReader, baseName } from './reader.ts';
import { parseJson } from './tree/json.ts';
import { collect, record } from './tree/record.ts';

export const packageJson: ArtefactReader<'package-json'> = {
  kind: 'package-json',

  matches: path => baseName(path) === 'package.json',

  read(_path, text) {
    const { root, problems } = parseJson(text);
    const setting = (key: string): Setting | undefined => textSetting(get(root, key));
    const workspaces = get(root, 'workspaces');
    return record<PackageJsonFacts>({
      kind: 'package-json',
      problems,
      name: setting('name'),
      version: setting('version'),
      type: setting('type'),
      main: setting('main'),
      module: setting('module'),
      types: setting('types') ?? setting('typings'),
      packageManager: setting('packageManager'),
      private: booleanSetting(get(root, 'private')),
      bin: readBin(get(root, 'bin')),
      scripts: named(get(root, 'scripts')).map(({ name, value }) => ({ name, command: value })),
      dependencies: readDependencies(get(root, 'dependencies')),
      devDependencies: readDependencies(get(root, 'devDependencies')),
      peerDependencies: readDependencies(get(root, 'peerDependencies')),
      optionalDependencies: readDependencies(get(root, 'optionalDependencies')),
      workspaces: textSettings(workspaces?.kind === 'map' ? get(workspaces, 'packages') : workspaces),
      engines: readDependencies(get(root, 'engines')),
      exports: get(root, 'exports'),
      imports: get(root, 'imports'),
      root,
    });
  },
};

function readDependencies(node: DocumentNode | undefined): Dependency[] {
  return named(node).map(({ name, value }) => ({ name, range: value }));
}

function named(node: DocumentNode | undefined): NamedSetting[] {
  return collect(entries(node), item => {
    const value = textSetting(item.value);
    return value && { name: keyOf(item), value };
  });
}

/** A string names the package's only command; '' stands for the package's own name. */
function readBin(node: DocumentNode | undefined): PackageJsonFacts['bin'] {
  if (node?.kind === 'map') return named(node).map(({ name, value }) => ({ name: name.value, path: value }));
  const path = textSetting(node);
  return path ? [{ name: '', path }] : [];
}
