import MiniSearch, { type Options } from 'minisearch';
import { prose } from './markdown.ts';
import type { Page } from './types.ts';

const STOP_WORDS = new Set(
  (
    'a an and are as at be but by can do does for from has have how i if in into is it its me my no not of on one or our should so ' +
    'than that the their then there these this to use was we what when where which who why will with you your'
  ).split(' '),
);

interface SearchDocument {
  readonly key: string;
  readonly title: string;
  readonly names: string;
  readonly text: string;
}

/** Shared by build and run time: a serialized index can only be read with the options it was made with. */
const OPTIONS: Options<SearchDocument> = {
  idField: 'key',
  fields: ['title', 'names', 'text'],
  processTerm: term => {
    const word = stem(term.toLowerCase());
    return word === '' || STOP_WORDS.has(word) ? null : word;
  },
  searchOptions: {
    boost: { title: 4, names: 3 },
    prefix: term => term.length > 3,
    fuzzy: term => (term.length > 5 ? 0.2 : false),
  },
};

/** Indexes prose, titles and ids; code is left out, it would only add noise. */
export function buildSearch(pages: readonly Page[]): object {
  const search = new MiniSearch(OPTIONS);
  search.addAll(pages.map(toDocument));
  return search.toJSON();
}

/** Page keys for a query, best first. */
export function openSearch(index: object): (query: string) => readonly string[] {
  const search = MiniSearch.loadJS<SearchDocument>(index as ReturnType<MiniSearch['toJSON']>, OPTIONS);
  return query => search.search(query).map(result => String(result.id));
}

function toDocument(page: Page): SearchDocument {
  return {
    key: page.key,
    title: page.title,
    names: [page.id, ...('packages' in page ? Object.keys(page.packages) : [])].join(' '),
    text: [page.summary, ...page.sections.map(section => `${section.heading} ${prose(section.text)}`)].join('\n'),
  };
}

/** Joins singular and plural and the commonest verb forms; a full stemmer gains nothing on eighty pages. */
function stem(word: string): string {
  if (word.length > 5 && word.endsWith('ies')) return `${word.slice(0, -3)}y`;
  if (word.length > 6 && word.endsWith('ing')) return word.slice(0, -3);
  if (word.length > 3 && word.endsWith('s') && !word.endsWith('ss') && !word.endsWith('us')) return word.slice(0, -1);
  return word;
}
