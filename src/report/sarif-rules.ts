import type { ReportingDescriptor, Result } from 'sarif';
import type { Finding, Severity } from '../engine/model/finding.ts';
import type { RuleInfo } from '../session/api.ts';

/** GitHub keeps 20 tags of a rule. */
const MOST_TAGS = 20;

/** Middle of GitHub's ranges: over 7.0 is high, over 4.0 medium, the rest low. */
const SECURITY_SEVERITY: Readonly<Record<Severity, string>> = {
  error: '8.0',
  warning: '5.5',
  info: '3.0',
  hint: '1.0',
};
const PROBLEM_SEVERITY = {
  error: 'error',
  warning: 'warning',
  info: 'recommendation',
  hint: 'recommendation',
} as const;

export function sarifLevel(severity: Severity): NonNullable<Result['level']> {
  return severity === 'error' || severity === 'warning' ? severity : 'note';
}

/** Describes one rule; a rule the list does not know is described by its findings. */
export function sarifRule(id: string, rules: readonly RuleInfo[], findings: readonly Finding[]): ReportingDescriptor {
  const rule = rules.find(known => known.id === id);
  const of = rule ?? findings.find(finding => finding.ruleId === id);
  if (!of) return { id };
  const tags = [
    ...(of.cwe.length > 0 ? ['security'] : []),
    of.theme,
    ...of.cwe.map(number => `external/cwe/cwe-${String(number).padStart(3, '0')}`),
    ...of.owasp.map(category => `external/owasp/${category.toLowerCase().replace(':', '-')}`),
  ];
  const isUrl = rule !== undefined && /^https?:\/\//.test(rule.docs);
  return {
    id,
    ...(rule ? { shortDescription: { text: rule.title }, fullDescription: { text: rule.title } } : {}),
    ...(isUrl ? { helpUri: rule.docs, help: { text: `${rule.title}. See ${rule.docs}` } } : {}),
    defaultConfiguration: { level: sarifLevel(of.severity) },
    properties: {
      tags: [...new Set(tags)].slice(0, MOST_TAGS),
      precision: of.confidence,
      'problem.severity': PROBLEM_SEVERITY[of.severity],
      ...(of.cwe.length > 0 ? { 'security-severity': SECURITY_SEVERITY[of.severity] } : {}),
    },
  };
}
