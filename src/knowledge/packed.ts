import type { KnowledgeIndex, Page } from './types.ts';

type Body = Pick<Page, 'sections' | 'sources'>;

/** A page without what is only read by somebody who opens it. */
type PageHead<P extends Page = Page> = P extends Page ? Omit<P, keyof Body> : never;

/** What every start of the program reads: enough to list pages, name them on hover and judge trends. */
export interface PackedKnowledge {
  readonly version: 2;
  readonly heads: readonly PageHead[];
}

const SEARCH = 'search';

/** Splits the index into what is read at start and parts by topic, each read when a page of it is opened. */
export function pack({ pages, search }: KnowledgeIndex): {
  readonly index: PackedKnowledge;
  readonly parts: ReadonlyMap<string, unknown>;
} {
  const parts = new Map<string, unknown>([[SEARCH, search]]);
  const bodies = new Map<string, Record<string, Body>>();
  const heads = pages.map(({ sections, sources, ...head }): PageHead => {
    const name = partOf(head.key);
    const part = bodies.get(name) ?? {};
    bodies.set(name, part);
    part[head.key] = { sections, sources };
    return head as PageHead;
  });
  for (const [name, part] of bodies) parts.set(name, part);
  return { index: { version: 2, heads }, parts };
}

/** The index again; `read` is asked once for each part that somebody needs, and answers undefined if it is missing. */
export function unpack({ heads }: PackedKnowledge, read: (part: string) => unknown): KnowledgeIndex {
  const seen = new Map<string, unknown>();
  const part = (name: string): unknown => {
    if (!seen.has(name)) seen.set(name, read(name) ?? {});
    return seen.get(name);
  };
  const body = (key: string): Body => (part(partOf(key)) as Record<string, Body>)[key] ?? { sections: [], sources: [] };
  return {
    version: 1,
    pages: heads.map(head => {
      const page = {
        ...head,
        get sections() {
          return body(head.key).sections;
        },
        get sources() {
          return body(head.key).sources;
        },
      };
      return page as Page;
    }),
    get search() {
      return part(SEARCH) as object;
    },
  };
}

/** `rules/security/missing-auth` → `rules-security`, `trends/edge` → `trends`, `recipes/auth/nest` → `recipes-auth`. */
function partOf(key: string): string {
  return key.split('/').slice(0, -1).join('-');
}
