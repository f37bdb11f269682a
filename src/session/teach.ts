import { type Node, type ParseError, parseTree } from 'jsonc-parser';
import { folderOf } from '../common/path.ts';
import { CONFIG_FILE } from '../engine/config/config.ts';
import { setJson } from '../engine/fixes/document-json.ts';
import type { Change } from '../engine/model/span.ts';

/** Something the settings can say of a project that its code does not show. */
export interface Teaching {
  readonly key: 'guards' | 'validators' | 'limiters' | 'publicRoutes';
  /** `src/auth.ts#requireUser`, `POST /orders/:id`. */
  readonly entry: string;
  /** The file it is about: settings of its folder, or the nearest above, are written. */
  readonly file: string;
}

const WORDS: Readonly<Record<Teaching['key'], string>> = {
  guards: 'Functions that check the caller.',
  validators: 'Functions that check input at run time.',
  limiters: 'Functions that limit the rate of requests.',
  publicRoutes: 'Routes that are meant to be open.',
};

/**
 * The change that writes an entry into the settings, comments and layout kept; undefined if it is there already or the
 * file cannot be read. The nearest file with the key wins, because a nearer list would hide the one above it.
 */
export function teach(
  textOf: (file: string) => string | undefined,
  { key, entry, file }: Teaching,
): Change | undefined {
  const configs = chainOf(folderOf(file)).flatMap(path => {
    const text = textOf(path);
    return text === undefined ? [] : [{ path, text, root: parsed(text) }];
  });
  if (configs.some(({ root }) => root === undefined)) return undefined;
  const target = configs.find(({ root }) => listOf(root, key)) ?? configs[0];
  if (!target) {
    const text = `{\n  // ${WORDS[key]}\n  ${JSON.stringify(key)}: [${JSON.stringify(entry)}]\n}\n`;
    return { edits: [], newFiles: [{ file: CONFIG_FILE, text }] };
  }
  const list = listOf(target.root, key);
  if (list?.children?.some(one => one.value === entry)) return undefined;
  const edits = list
    ? setJson(target.path, target.text, [key, list.children?.length ?? 0], entry, { insert: true })
    : setJson(target.path, target.text, [key], [entry]);
  return { edits, newFiles: [] };
}

/** Where settings for a folder may stand, the nearest first. */
function chainOf(folder: string): string[] {
  const here = folder === '' ? CONFIG_FILE : `${folder}/${CONFIG_FILE}`;
  return folder === '' ? [here] : [here, ...chainOf(folderOf(folder))];
}

function parsed(text: string): Node | undefined {
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { allowTrailingComma: true, disallowComments: false });
  return errors.length === 0 && root?.type === 'object' ? root : undefined;
}

function listOf(root: Node | undefined, key: string): Node | undefined {
  const value = root?.children?.find(property => property.children?.[0]?.value === key)?.children?.[1];
  return value?.type === 'array' ? value : undefined;
}
