import { SEVERITIES, type Severity } from '../engine/model/finding.ts';
import { compareBySeverity } from '../engine/model/order.ts';
import { escapeMarkdown, markdownCode } from './escape.ts';
import { openFindings, type ReportInput } from './input.ts';
import { count, problemText, tally } from './words.ts';

/** A comment on a pull request must stay well below GitHub's 65 536 characters. */
const MOST_FINDINGS = 50;

const HEADINGS: Readonly<Record<Severity, string>> = {
  error: 'Errors',
  warning: 'Warnings',
  info: 'Infos',
  hint: 'Hints',
};

/** For the summary of a pull request: a sentence, then the findings by severity with their proof folded away. */
export function renderMarkdown(input: ReportInput): string {
  const open = openFindings(input).sort(compareBySeverity);
  const shown = open.slice(0, MOST_FINDINGS);
  const suppressed = input.findings.length - open.length;
  const lines = ['## Underpin', ''];
  lines.push(
    open.length === 0
      ? `No findings in ${count(input.stats.files, 'file')}.`
      : `${tally(open)} in ${count(input.stats.files, 'file')}.`,
  );
  if (suppressed > 0) lines.push('', `${count(suppressed, 'finding')} suppressed.`);

  for (const severity of SEVERITIES) {
    const group = shown.filter(finding => finding.severity === severity);
    if (group.length === 0) continue;
    lines.push('', `### ${HEADINGS[severity]}`, '');
    for (const { span, message, ruleId, evidence } of group) {
      const place = input.placeOf(span);
      lines.push(
        `- ${markdownCode(`${span.file}:${place.line}`)} ${escapeMarkdown(message)} (${markdownCode(ruleId)})`,
      );
      for (const step of evidence) {
        const at = input.placeOf(step.span);
        lines.push(`  - ${markdownCode(`${step.span.file}:${at.line}`)} ${escapeMarkdown(step.message)}`);
      }
    }
  }
  if (open.length > shown.length)
    lines.push('', `And ${count(open.length - shown.length, 'more finding')} of lower severity.`);
  if (input.problems.length > 0) {
    lines.push('', '### Notes', '', ...input.problems.map(problem => `- ${escapeMarkdown(problemText(problem))}`));
  }
  return `${lines.join('\n')}\n`;
}
