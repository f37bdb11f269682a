import type { Knowledge } from './knowledge.ts';
import type { Page, RecipePage, Source } from './types.ts';

/** A whole page as Markdown: what the panel and an export show. */
export function pageMarkdown(page: Page): string {
  return joined([
    `# ${page.title}`,
    page.summary,
    ...page.sections.map(({ heading, text }) => `## ${heading}\n\n${text}`),
    sourceList(page.sources),
  ]);
}

/**
 * The answer to "what do I do about this finding?" without a model: the rule's page, then the recipe for the framework
 * at hand. Undefined if there is no page for the rule.
 */
export function answer(knowledge: Knowledge, ruleId: string, framework?: string): string | undefined {
  const page = knowledge.rule(ruleId);
  if (!page) return undefined;
  const all = knowledge.recipesFor(ruleId);
  const recipes = all.filter(recipe => recipe.framework === framework);
  return joined([
    `# ${page.title}`,
    page.summary,
    part(page, 'Why it matters', 'Why it matters'),
    part(page, 'Good', 'What it should look like'),
    part(page, 'When to ignore it', 'When to ignore it'),
    ...recipes.map(recipeMarkdown),
    recipes.length === 0 ? otherRecipes(all) : '',
    sourceList([page, ...recipes].flatMap(({ sources }) => sources)),
  ]);
}

function part(page: Page, heading: string, title: string): string {
  const section = page.sections.find(candidate => candidate.heading === heading);
  return section ? `## ${title}\n\n${section.text}` : '';
}

function recipeMarkdown(recipe: RecipePage): string {
  const packages = Object.entries(recipe.packages).map(([name, version]) => `\`${name}\` ${version}`);
  return joined([
    `## Recipe: ${recipe.title}`,
    `Tested with ${packages.join(', ')}.`,
    ...recipe.sections.map(({ heading, text }) => `### ${heading}\n\n${text}`),
  ]);
}

function otherRecipes(recipes: readonly RecipePage[]): string {
  if (recipes.length === 0) return '';
  return `## Recipes\n\n${recipes.map(recipe => `- ${recipe.title} (\`${recipe.id}\`)`).join('\n')}`;
}

function sourceList(sources: readonly Source[]): string {
  const lines = sources.map(
    ({ title, publisher, year, url }) => `- ${url ? `[${title}](${url})` : title}, ${publisher}, ${year}`,
  );
  return `## Sources\n\n${[...new Set(lines)].join('\n')}`;
}

function joined(parts: readonly string[]): string {
  return `${parts
    .filter(text => text !== '')
    .map(text => text.trim())
    .join('\n\n')}\n`;
}
