import type { ThemeId } from '../engine/model/finding.ts';
import { pageMarkdown } from '../knowledge/answer.ts';
import type { Knowledge } from '../knowledge/knowledge.ts';
import type { Page } from '../knowledge/types.ts';

/** The page that a key (`recipes/auth/express`), a rule id, a theme or a recipe (`auth/express`) names. */
export function findPage(knowledge: Knowledge, id: string): Page | undefined {
  return knowledge.page(id) ?? knowledge.rule(id) ?? knowledge.theme(id as ThemeId) ?? knowledge.page(`recipes/${id}`);
}

export function readPage(knowledge: Knowledge, id: string): { title: string; markdown: string } | null {
  const page = findPage(knowledge, id);
  return page ? { title: page.title, markdown: pageMarkdown(page) } : null;
}
