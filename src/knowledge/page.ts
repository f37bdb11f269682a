import { parse } from 'yaml';
import { FRONT_MATTER, isObject } from './front-matter.ts';
import { readSources, splitSections } from './markdown.ts';
import { ruleSamples } from './samples.ts';
import type { Page, PageKind, Section, Source } from './types.ts';

/**
 * How a knowledge page is written. Pages are Markdown with YAML front matter, read at build and by tests, never at
 * activation. The front matter holds only what a program reads; `front-matter.ts` names the keys of each kind, and an
 * unknown key is a problem. `id` is the path below the folder of its kind.
 *
 * A rule page, `knowledge/rules/<topic>/<rule>.md`:
 *
 *     ---
 *     id: security/missing-auth
 *     title: A route that writes is open to everyone     (≤ 80 characters, the defect as a sentence)
 *     trend: security                                    (a trend, or the benefit it protects)
 *     benefits: [security]
 *     cwe: [306]
 *     owasp: [API2:2023]
 *     reviewed: 2026-11
 *     ---
 *
 *     The first paragraph is the hover: one line of at most 160 characters, what to do and why.
 *
 *     ## Why it matters      the consequence, in this runtime, with defaults that are facts
 *     ## Bad                 fences with `ts file=src/app.ts` (any language); all of one section are one workspace
 *     ## Good                Bad repaired, not another program
 *     ## When to ignore it   the cases where the finding is right and the code may stay
 *     ## Ask the assistant   optional: what context a model needs, what it must not do
 *     ## Sources             `- [Title](https://…), Publisher, 2025`, the link optional
 *
 * Severity and messages belong to the rule and are not repeated. Rules are named in backticks by id, other pages by
 * relative link.
 */
export function parsePage(path: string, markdown: string): ParsedPage {
  const [folder, kind] = KINDS.find(([prefix]) => path.startsWith(prefix)) ?? [];
  if (folder === undefined || kind === undefined || !path.endsWith('.md'))
    return problem(path, 'is not a knowledge page');

  const [, yaml, body] = /^---\n([\s\S]*?\n)---\n([\s\S]*)$/.exec(markdown.replace(/\r\n/g, '\n')) ?? [];
  if (yaml === undefined || body === undefined) return problem(path, 'has no front matter');

  const data = readYaml(yaml);
  const wrong = FRONT_MATTER[kind](data);
  if (wrong !== undefined || !isObject(data)) return problem(path, `front matter ${wrong ?? 'must be a map'}`);

  const { intro, sections } = splitSections(body);
  const summary = typeof data['summary'] === 'string' ? data['summary'] : intro;
  const sources =
    'sources' in data ? (data['sources'] as readonly Source[]) : readSources(sectionText(sections, 'Sources'));
  const problems = [
    ...checkId(path, folder, data),
    ...checkHeadings(kind, sections),
    ...checkSummary(kind, intro),
    ...sources
      .filter(source => typeof source === 'string')
      .map(source => `source without title, publisher or year: ${source}`),
    ...(sources.length === 0 ? ['has no sources'] : []),
    ...(kind === 'rule' ? checkSamples(body) : []),
  ].map(text => `${path}: ${text}`);

  const key = `${folder.slice('knowledge/'.length)}${data['id']}`;
  const own = sections.filter(section => section.heading !== 'Sources');
  // The front matter was checked against the kind's shape above.
  const page = { ...data, kind, key, summary, sections: own, sources } as unknown as Page;
  return problems.length > 0 ? { problems } : { page, problems };
}

export interface ParsedPage {
  /** Missing if there are problems. */
  readonly page?: Page;
  readonly problems: readonly string[];
}

const KINDS: readonly (readonly [string, PageKind])[] = [
  ['knowledge/trends/', 'trend'],
  ['knowledge/benefits/', 'benefit'],
  ['knowledge/rules/', 'rule'],
  ['knowledge/recipes/', 'recipe'],
];

/** Required headings in their order; `?` marks one that may be left out. */
const HEADINGS: Readonly<Record<PageKind, readonly string[]>> = {
  trend: [
    'What it is',
    'When it is worth it',
    'When it is not',
    'What Underpin looks for',
    'First step',
    'Next steps',
    'Recipes?',
  ],
  benefit: ['What it is', 'Where the effort pays', 'What Underpin looks for', 'First step', 'Next steps', 'Recipes?'],
  rule: ['Why it matters', 'Bad', 'Good', 'When to ignore it', 'Ask the assistant?', 'Sources'],
  recipe: ['When to use it', 'Steps', 'Code', 'Check it', 'Sources'],
};

function problem(path: string, text: string): ParsedPage {
  return { problems: [`${path}: ${text}`] };
}

function readYaml(text: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    return error instanceof Error ? error.message : undefined;
  }
}

function sectionText(sections: readonly Section[], heading: string): string {
  return sections.find(section => section.heading === heading)?.text ?? '';
}

function checkId(path: string, folder: string, data: Readonly<Record<string, unknown>>): readonly string[] {
  const expected = path.slice(folder.length, -'.md'.length);
  const problems = data['id'] === expected ? [] : [`id must be ${expected}`];
  const recipe = 'topic' in data && `${data['topic']}/${data['framework']}` !== expected;
  return recipe ? [...problems, 'topic and framework must match the path'] : problems;
}

function checkHeadings(kind: PageKind, sections: readonly Section[]): readonly string[] {
  const left = sections.map(section => section.heading);
  const problems: string[] = [];
  for (const wanted of HEADINGS[kind]) {
    const heading = wanted.replace('?', '');
    if (left[0] === heading) left.shift();
    else if (wanted === heading) return [...problems, `"## ${heading}" is missing or out of order`];
  }
  return left.length > 0 ? [`"## ${left[0]}" does not belong here`] : sections.filter(isEmpty).map(emptyText);
}

function isEmpty(section: Section): boolean {
  return section.text === '';
}

function emptyText(section: Section): string {
  return `"## ${section.heading}" is empty`;
}

/** Trends and benefits carry their summary as a key; rules and recipes open with it. */
function checkSummary(kind: PageKind, intro: string): readonly string[] {
  if (kind === 'trend' || kind === 'benefit') return intro === '' ? [] : ['text before the first heading'];
  if (intro === '') return ['the first paragraph is missing'];
  return intro.length > 160 || intro.includes('\n')
    ? ['the first paragraph must be one line of at most 160 characters']
    : [];
}

function checkSamples(body: string): readonly string[] {
  return ruleSamples(body).flatMap(({ verdict, files }) => {
    const names = files.map(({ file }) => file);
    if (names.length === 0) return [`the ${verdict} sample has no fence with file=`];
    return new Set(names).size < names.length ? [`the ${verdict} sample names a file twice`] : [];
  });
}
