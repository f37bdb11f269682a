import { filterByCaller } from '../../fixes/filter-search.ts';
import { unfilteredSearches } from '../../queries/ai/unfiltered-searches.ts';
import { defineRule } from '../rule.ts';

export const ragMissingTenantFilter = defineRule({
  meta: {
    id: 'ai/rag-missing-tenant-filter',
    theme: 'ai-automation',
    benefits: ['security'],
    severity: 'warning',
    confidence: 'medium',
    cwe: [639, 863],
    owasp: ['LLM08:2025', 'API1:2023', 'A01:2025'],
    fix: 'suggest',
    defaultOn: false,
    messages: {
      everybody:
        '{route} searches the documents of everybody: they are marked with `{owner}`, but the search does not ask for it.',
    },
  },

  check(model, report) {
    for (const search of unfilteredSearches(model)) {
      const { operation, endpoint, owner } = search;
      const route = `${endpoint.method} ${endpoint.path}`;
      report(operation.span, 'everybody', {
        data: { route, owner: owner.name },
        evidence: [owner.evidence],
        fixes: filterByCaller(model, search),
        anchor: route,
      });
    }
  },
});
