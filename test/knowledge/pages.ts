import path from 'node:path';
import { readPages } from '../../src/dev/knowledge-index.ts';
import { compile } from '../../src/knowledge/compile.ts';
import type { Page } from '../../src/knowledge/types.ts';

export const root = path.resolve(import.meta.dirname, '../..');
export const files = readPages(root);
export const { index, problems } = compile(files);

export function pagesOf<Kind extends Page['kind']>(kind: Kind): readonly Extract<Page, { kind: Kind }>[] {
  return index.pages.filter((page): page is Extract<Page, { kind: Kind }> => page.kind === kind);
}
