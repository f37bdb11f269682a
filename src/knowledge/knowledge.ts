import type { ThemeId } from '../engine/model/finding.ts';
import { openSearch } from './search.ts';
import type { BenefitPage, KnowledgeIndex, Page, RecipePage, RulePage, TrendPage } from './types.ts';

export interface Knowledge {
  readonly pages: readonly Page[];
  /** A page by its key, `rules/security/missing-auth`. */
  page(key: string): Page | undefined;
  rule(ruleId: string): RulePage | undefined;
  trend(id: string): TrendPage | undefined;
  benefit(id: string): BenefitPage | undefined;
  /** The page of a theme: the trend of that id, else the benefit. */
  theme(id: ThemeId): TrendPage | BenefitPage | undefined;
  /** The recipe of a topic for a framework; undefined if there is none for that framework. */
  recipe(topic: string, framework: string): RecipePage | undefined;
  /** Recipes that remove findings of the rule, of one framework if given. */
  recipesFor(ruleId: string, framework?: string): readonly RecipePage[];
  /** Pages for a question in plain words, best first. Works offline. */
  search(query: string, limit?: number): readonly Page[];
}

/** Opens the compiled index. The search part is unpacked on the first search only. */
export function openKnowledge(index: KnowledgeIndex): Knowledge {
  const byKey = new Map(index.pages.map(page => [page.key, page]));
  const recipes = index.pages.filter(page => page.kind === 'recipe');
  let find: ((query: string) => readonly string[]) | undefined;

  const get = <Kind extends Page['kind']>(kind: Kind, key: string): Extract<Page, { kind: Kind }> | undefined => {
    const page = byKey.get(key);
    return page?.kind === kind ? (page as Extract<Page, { kind: Kind }>) : undefined;
  };

  return {
    pages: index.pages,
    page: key => byKey.get(key),
    rule: ruleId => get('rule', `rules/${ruleId}`),
    trend: id => get('trend', `trends/${id}`),
    benefit: id => get('benefit', `benefits/${id}`),
    theme: id => get('trend', `trends/${id}`) ?? get('benefit', `benefits/${id}`),
    recipe: (topic, framework) => get('recipe', `recipes/${topic}/${framework}`),
    recipesFor: (ruleId, framework) =>
      recipes.filter(
        recipe => recipe.resolves.includes(ruleId) && (framework ?? recipe.framework) === recipe.framework,
      ),
    search(query, limit = 10) {
      find ??= openSearch(index.search);
      return find(query)
        .slice(0, limit)
        .flatMap(key => byKey.get(key) ?? []);
    },
  };
}
