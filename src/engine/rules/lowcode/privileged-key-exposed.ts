import { eachExprIn } from '../../link/env.ts';
import type { Model } from '../../link/model.ts';
import type { Span } from '../../model/span.ts';
import { publicNames } from '../../queries/public-names.ts';
import { defineRule } from '../rule.ts';

const PRIVILEGED =
  /^(?:SUPABASE_SERVICE_(?:ROLE_)?KEY|SUPABASE_SECRET_KEY|HASURA_(?:GRAPHQL_)?ADMIN_SECRET|AIRTABLE_(?:API_KEY|PAT)|N8N_API_KEY)$/;

export const privilegedKeyExposed = defineRule({
  meta: {
    id: 'lowcode/privileged-key-exposed',
    theme: 'low-code',
    benefits: ['security', 'data-management'],
    severity: 'error',
    confidence: 'high',
    cwe: [522, 798],
    owasp: ['A01:2025'],
    fix: 'guide',
    messages: {
      name: 'Bundlers copy `{name}` into what browsers load, and it passes every row-level rule.',
      component: '`{name}` is read in code for the browser, and it passes every row-level rule.',
    },
  },

  check(model, report) {
    for (const { name, kind, span, others } of publicNames(model)) {
      if (kind !== 'low-code') continue;
      const evidence = others.slice(0, 5).map(other => ({ span: other, message: 'and here' }));
      report(span, 'name', { data: { name }, evidence, anchor: name });
    }
    for (const { name, span } of readByComponents(model)) report(span, 'component', { data: { name }, anchor: name });
  },
});

/** Keys of administrators that files marked `'use client'` read. */
function readByComponents(model: Model): { readonly name: string; readonly span: Span }[] {
  const out: { name: string; span: Span }[] = [];
  for (const [file, { directives, functions }] of model.project.sources) {
    if (!directives.includes('use client') || !model.isJudged(file)) continue;
    for (const fn of functions)
      eachExprIn(fn, e => {
        if (e.k === 'mem' && e.o.k === 'mem' && e.o.n === 'env' && PRIVILEGED.test(e.n))
          out.push({ name: e.n, span: { file, start: e.np[0], end: e.np[1] } });
      });
  }
  return out;
}
