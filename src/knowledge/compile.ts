import { parsePage } from './page.ts';
import { buildSearch } from './search.ts';
import type { KnowledgeIndex, Page } from './types.ts';

/** A page file: workspace-relative POSIX path and its text. */
export interface PageFile {
  readonly path: string;
  readonly text: string;
}

/** Compiles all pages into the index the product ships; the same pages in any order give the same bytes. */
export function compile(files: readonly PageFile[]): {
  readonly index: KnowledgeIndex;
  readonly problems: readonly string[];
} {
  const parsed = files.map(({ path, text }) => parsePage(path, text));
  const pages = parsed.flatMap(({ page }): readonly Page[] => (page ? [page] : [])).sort(byKey);
  return {
    index: { version: 1, pages, search: buildSearch(pages) },
    problems: parsed.flatMap(({ problems }) => problems),
  };
}

function byKey(a: Page, b: Page): number {
  return a.key < b.key ? -1 : a.key > b.key ? 1 : 0;
}
