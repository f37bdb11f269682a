import { reaching } from '../../flow/findings.ts';
import type { Flow } from '../../flow/flow.ts';
import { callsIn } from '../../link/call-index.ts';
import type { Model } from '../../link/model.ts';
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
    messages: {
      value: '{source} can be an object, which `{call}` takes for a query operator.',
      filter: '{source} is the whole filter of `{call}`: whoever sends the request chooses its operators.',
    },
  },

  check(model, report) {
    const found = reaching(model, 'operator', 'remote').filter(({ flow }) => isStructured(model, flow));
    if (found.length === 0 || sanitizesFilters(model)) return;
    for (const { span, flow, options } of found) {
      if (model.project.dependsOn(span.file, 'express-mongo-sanitize')) continue;
      const isWhole = flow.source.path.length === 0;
      const isCritical = CRITICAL.test(flow.source.text) || CHANGES.test(flow.sink.callee);
      report(span, isWhole ? 'filter' : 'value', {
        ...options,
        ...(isCritical ? { severity: 'error' as const } : {}),
        fixes: isWhole ? [] : [asString(flow)],
      });
    }
  },
});

/** Bodies hold objects; query strings only where Express before version 5 parses them. */
function isStructured({ project }: Model, { source, sink }: Flow): boolean {
  if (source.part !== 'query') return true;
  const version = project.versionOf(source.span.file, 'express') ?? project.versionOf(sink.arg.file, 'express');
  return /^(?:express|@nestjs\/common)\./.test(source.api) && /^\D*[34]\b/.test(version ?? '');
}

/** `mongoose.set('sanitizeFilter', true)`, anywhere. */
function sanitizesFilters({ program }: Model): boolean {
  for (const { facts } of program.units.values())
    for (const fn of facts.functions)
      for (const { call } of callsIn(fn)) if (call.a[0]?.k === 'str' && call.a[0].v === 'sanitizeFilter') return true;
  return false;
}

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
