import { folderOf } from '../../common/path.ts';

/** How a kind of file writes comments; `none` where it has none. */
export type CommentStyle = 'script' | 'hash' | 'hash-line' | 'sql' | 'markup' | 'none';

const BY_EXTENSION: Readonly<Record<string, CommentStyle>> = {
  ts: 'script',
  mts: 'script',
  cts: 'script',
  tsx: 'script',
  js: 'script',
  mjs: 'script',
  cjs: 'script',
  jsx: 'script',
  jsonc: 'script',
  json: 'script',
  json5: 'script',
  prisma: 'script',
  proto: 'script',
  yaml: 'hash',
  yml: 'hash',
  toml: 'hash',
  graphql: 'hash',
  gql: 'hash',
  graphqls: 'hash',
  sh: 'hash',
  conf: 'hash',
  env: 'hash',
  tf: 'hash',
  sql: 'sql',
  md: 'markup',
  mdx: 'markup',
  html: 'markup',
  htm: 'markup',
  xml: 'markup',
  vue: 'markup',
  svelte: 'markup',
  svg: 'markup',
};

/** Decides by name alone, so that a file of unknown kind has no comments rather than wrong ones. */
export function commentStyle(file: string): CommentStyle {
  const folder = folderOf(file);
  const name = (folder === '' ? file : file.slice(folder.length + 1)).toLowerCase();
  if (/^(?:dockerfile|containerfile)(?:\.|$)|\.dockerfile$/.test(name)) return 'hash-line';
  if (/^\.(?:env|dev\.vars)(?:\.|$)/.test(name) || name === '.npmrc') return 'hash';
  const extension = name.slice(name.lastIndexOf('.') + 1);
  return Object.hasOwn(BY_EXTENSION, extension) ? (BY_EXTENSION[extension] ?? 'none') : 'none';
}
