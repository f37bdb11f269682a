import type { Model } from '../engine/link/model.ts';
import type { Finding } from '../engine/model/finding.ts';
import type { Knowledge } from '../knowledge/knowledge.ts';
import { trendStatus } from '../trends/status.ts';
import type { TrendInfo } from './api.ts';

/** Trends and benefits of the workspace; empty where the knowledge index was not loaded. */
export function trendInfos(
  model: Model,
  findings: readonly Finding[],
  knowledge: Knowledge | undefined,
): readonly TrendInfo[] {
  return knowledge ? trendStatus(model, findings, knowledge) : [];
}
