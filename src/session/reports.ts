import { HYGIENE_RULES } from '../engine/findings/hygiene.ts';
import type { Finding } from '../engine/model/finding.ts';
import { rules } from '../engine/rules/index.ts';
import type { Knowledge } from '../knowledge/knowledge.ts';
import type { RuleInfo } from './api.ts';

/** Every rule, those about ignore comments included, with what its page calls it. */
export function ruleInfos(knowledge: Knowledge | undefined): RuleInfo[] {
  const own = rules.map(({ meta }): RuleInfo => {
    const { id, theme, severity, confidence, cwe, owasp, fix, defaultOn = true } = meta;
    const title = knowledge?.rule(id)?.title ?? id;
    return { id, title, theme, severity, confidence, cwe, owasp, ...(fix ? { fix } : {}), docs: docsOf(id), defaultOn };
  });
  const hygiene = HYGIENE_RULES.map(({ id, title, theme }): RuleInfo => {
    return {
      id,
      title,
      theme,
      severity: 'info',
      confidence: 'high',
      cwe: [],
      owasp: [],
      docs: docsOf(id),
      defaultOn: true,
    };
  });
  return [...own, ...hygiene];
}

function docsOf(ruleId: string): string {
  return `knowledge/rules/${ruleId}.md`;
}

/** Files whose findings differ between two reports. */
export function changedFiles(before: readonly Finding[], after: readonly Finding[]): string[] {
  const was = byFile(before);
  const is = byFile(after);
  return [...new Set([...was.keys(), ...is.keys()])].filter(file => was.get(file) !== is.get(file)).sort();
}

function byFile(findings: readonly Finding[]): Map<string, string> {
  const out = new Map<string, string>();
  for (const { span, fingerprint, severity, suppression } of findings) {
    const key = `${fingerprint} ${span.start} ${span.end} ${severity} ${suppression?.kind ?? ''};`;
    out.set(span.file, (out.get(span.file) ?? '') + key);
  }
  return out;
}
