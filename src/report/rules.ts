import type { RuleInfo } from '../session/api.ts';
import { table } from './table.ts';

export function renderRulesTable(rules: readonly RuleInfo[]): string {
  return table([
    ['RULE', 'TREND', 'SEVERITY', 'CONFIDENCE', 'FIX', 'CWE', 'TITLE'],
    ...rules.map(rule => [
      rule.id,
      rule.theme,
      rule.defaultOn ? rule.severity : `${rule.severity} (off)`,
      rule.confidence,
      rule.fix ?? '-',
      rule.cwe.join(',') || '-',
      rule.title,
    ]),
  ]);
}

export function renderRulesJson(rules: readonly RuleInfo[]): string {
  const list = rules.map(({ id, title, theme, severity, confidence, cwe, owasp, fix, docs, defaultOn }) => ({
    id,
    title,
    trend: theme,
    severity,
    confidence,
    cwe,
    owasp,
    fix: fix ?? null,
    docs,
    defaultOn,
  }));
  return `${JSON.stringify({ version: 1, rules: list }, undefined, 2)}\n`;
}

/** One rule for a reader; `page` is its knowledge page in Markdown. */
export function renderRule(rule: RuleInfo, page: string | undefined): string {
  const facts = [
    ['severity', rule.severity],
    ['confidence', rule.confidence],
    ['trend', rule.theme],
    ...(rule.cwe.length > 0 ? [['cwe', rule.cwe.map(number => `CWE-${number}`).join(', ')]] : []),
    ...(rule.owasp.length > 0 ? [['owasp', rule.owasp.join(', ')]] : []),
    ['fix', rule.fix ?? 'none'],
    ['docs', rule.docs],
  ];
  return `${rule.id}: ${rule.title}\n\n${table(facts)}${page === undefined ? '' : `\n${page.trim()}\n`}`;
}
