import type { ConfigFacts } from '../model/artefacts/project.ts';
import { type ArtefactReader, hasExtension, isYaml } from './reader.ts';
import { parseJson } from './tree/json.ts';
import { record } from './tree/record.ts';
import { parseToml } from './tree/toml.ts';
import { parseYaml } from './tree/yaml.ts';

const TOOLS: readonly (readonly [RegExp, ConfigFacts['tool']])[] = [
  [/(?:^|\/)supabase\/config\.toml$/, 'supabase'],
  [/(?:^|\/)fly(?:\.[\w-]+)?\.toml$/, 'fly'],
  [/(?:^|\/)render\.ya?ml$/, 'render'],
  [/(?:^|\/)railway\.(?:json|toml)$/, 'railway'],
  [/(?:^|\/)vercel\.json$/, 'vercel'],
  [/(?:^|\/)netlify\.toml$/, 'netlify'],
  [/(?:^|\/)nest-cli\.json$/, 'nest-cli'],
  [/(?:^|\/)turbo\.jsonc?$/, 'turbo'],
  [/(?:^|\/)pnpm-workspace\.yaml$/, 'pnpm-workspace'],
  [/(?:^|\/)app\.json$/, 'app-json'],
];

export const config: ArtefactReader<'config'> = {
  kind: 'config',

  matches: path => toolOf(path) !== undefined,

  read(path, text) {
    const parse = isYaml(path) ? parseYaml : hasExtension(path, 'toml') ? parseToml : parseJson;
    const { root, problems } = parse(text);
    return record<ConfigFacts>({ kind: 'config', problems, tool: toolOf(path) ?? 'app-json', root });
  },
};

function toolOf(path: string): ConfigFacts['tool'] | undefined {
  return TOOLS.find(([pattern]) => pattern.test(path))?.[1];
}
