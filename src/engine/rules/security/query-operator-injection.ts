import { reaching } from '../../flow/findings.ts';
import type { Flow } from '../../flow/flow.ts';
import { canBeOperator, sanitizesFilters } from '../../flow/models/operators.ts';
import { defineRule, type FixDraft } from '../rule.ts';

/** Filters that decide who somebody is, or what is changed. */
const CRITICAL = /(?:pass|token|secret|otp|code|key)\w*$/i;
const CHANGES = /delete|remove|update|replace/i;

export const queryOperatorInjection = defineRule({
  meta: {
    id: 'security/query-operator-injection',
    theme: 'security',
    benefits: ['security', 'data-management'],
    severity: 'warning',
    confidence: 'medium',
    cwe: [943],
    owasp: ['A05:2025', 'API8:2023'],
    fix: 'auto',
    sinks: ['operator'],
    messages: {
      value: '{source} can be an object, which `{call}` takes for a query operator.',
      filter: '{source} is the whole filter of `{call}`: whoever sends the request chooses its operators.',
    },
  },

  check(model, report) {
    const found = reaching(model, 'operator', 'remote').filter(({ flow }) => canBeOperator(model, flow));
    if (found.length === 0 || sanitizesFilters(model)) return;
    for (const { span, flow, options } of found) {
      const isWhole = flow.source.path.length === 0;
      const isCritical = CRITICAL.test(flow.source.text) || CHANGES.test(flow.sink.callee);
      report(span, isWhole ? 'filter' : 'value', {
        ...options,
        ...(isCritical ? { severity: 'error' as const } : {}),
        // What one text was parsed into may be the filter itself: a text in its place would find nothing.
        fixes: isWhole || (flow.isParsed && flow.source.path.length === 1) ? [] : [asString(flow)],
      });
    }
  },
});

function asString({ sink: { arg } }: Flow): FixDraft {
  return {
    title: 'Make it a string',
    kind: 'auto',
    change({ text: textOf }) {
      const text = textOf(arg.file);
      if (text === undefined) return undefined;
      const own = text.slice(arg.start, arg.end);
      const isShort = /^\w+$/.test(own) && /[{,]\s*$/.test(text.slice(0, arg.start));
      return { edits: [{ span: arg, text: isShort ? `${own}: String(${own})` : `String(${own})` }], newFiles: [] };
    },
  };
}
