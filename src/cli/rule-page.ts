import { readFileSync } from 'node:fs';
import { pageMarkdown } from '../knowledge/answer.ts';
import { openKnowledge } from '../knowledge/knowledge.ts';
import type { KnowledgeIndex } from '../knowledge/types.ts';

/** The page of a rule from the compiled knowledge at `index`; undefined if either is missing. */
export function rulePage(index: URL, ruleId: string): string | undefined {
  let text: string;
  try {
    text = readFileSync(index, 'utf8');
  } catch {
    return undefined;
  }
  const page = openKnowledge(JSON.parse(text) as KnowledgeIndex).rule(ruleId);
  return page && pageMarkdown(page);
}
