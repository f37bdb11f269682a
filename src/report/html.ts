import { type Finding, SEVERITIES } from '../engine/model/finding.ts';
import { compareBySeverity } from '../engine/model/order.ts';
import type { RuleInfo } from '../session/api.ts';
import { escapeMarkup } from './escape.ts';
import { openFindings, type ReportInput } from './input.ts';
import { count, problemText, tally } from './words.ts';

const STYLE = `
:root { color-scheme: light dark; --bg: #fff; --fg: #1f2328; --dim: #59636e; --line: #d1d9e0;
  --error: #b3261e; --warning: #8a5a00; --info: #0b5cad; --hint: #59636e; }
@media (prefers-color-scheme: dark) { :root { --bg: #14171c; --fg: #e6e9ed; --dim: #9aa4af; --line: #333b45;
  --error: #ff8a80; --warning: #f0b849; --info: #7ab8ff; --hint: #9aa4af; } }
body { margin: 2rem auto; max-width: 64rem; padding: 0 1rem; background: var(--bg); color: var(--fg);
  font: 1rem/1.5 system-ui, sans-serif; }
code { font: 0.9em ui-monospace, monospace; overflow-wrap: anywhere; }
article { border-top: 1px solid var(--line); padding: 0.75rem 0; }
article h3 { font-size: 1rem; margin: 0; font-weight: 600; }
article p { margin: 0.25rem 0; }
.dim { color: var(--dim); }
table { border-collapse: collapse; }
caption { text-align: left; font-weight: 600; }
td { padding: 0.1rem 1rem 0.1rem 0; }
td:first-child { text-align: right; font-variant-numeric: tabular-nums; }
${SEVERITIES.map(severity => `.${severity} { color: var(--${severity}); font-weight: 600; }`).join('\n')}
`;

/** One file without scripts or links to anything remote, readable in light and dark. */
export function renderHtml(input: ReportInput): string {
  const open = openFindings(input);
  const suppressed = input.findings.filter(finding => finding.suppression);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Underpin: ${escapeMarkup(count(open.length, 'finding'))}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>Underpin</h1>
<p>${escapeMarkup(tally(open))} in ${escapeMarkup(count(input.stats.files, 'file'))}.</p>
${notes(input)}${overview(open, input)}<main>
${section('Findings', open, input)}${section('Suppressed', suppressed, input)}</main>
<p class="dim">Underpin ${escapeMarkup(input.version)}</p>
</body>
</html>
`;
}

function notes({ problems }: ReportInput): string {
  if (problems.length === 0) return '';
  const items = problems.map(problem => `<li>${escapeMarkup(problemText(problem))}</li>`);
  return `<section><h2>Notes</h2><ul>${items.join('')}</ul></section>\n`;
}

/** What was found how often: where a long report is best begun. */
function overview(open: readonly Finding[], { rules }: ReportInput): string {
  const counts = new Map<string, number>();
  for (const { ruleId } of [...open].sort(compareBySeverity)) counts.set(ruleId, (counts.get(ruleId) ?? 0) + 1);
  if (counts.size < 2) return '';
  const rows = [...counts].map(([id, number]) => {
    const title = rules.find(rule => rule.id === id)?.title ?? '';
    return `<tr><td>${number}</td><td>${escapeMarkup(title)}</td><td class="dim">${escapeMarkup(id)}</td></tr>`;
  });
  return `<table><caption>Worst first</caption>${rows.join('')}</table>\n`;
}

/** Names of the code stand between backticks. */
function withCode(message: string): string {
  return escapeMarkup(message).replace(/`([^`]+)`/g, '<code>$1</code>');
}

function section(title: string, findings: readonly Finding[], input: ReportInput): string {
  if (findings.length === 0) return '';
  const titles = new Map(input.rules.map(rule => [rule.id, rule]));
  const articles = [...findings]
    .sort(compareBySeverity)
    .map(finding => article(finding, titles.get(finding.ruleId), input));
  return `<section>\n<h2>${title}</h2>\n${articles.join('')}</section>\n`;
}

function article(finding: Finding, rule: RuleInfo | undefined, { placeOf }: ReportInput): string {
  const { span, severity, message, evidence, suppression } = finding;
  const where = (at: Finding['span']): string => {
    const { line, column } = placeOf(at);
    return `<code>${escapeMarkup(`${at.file}:${line}:${column}`)}</code>`;
  };
  const proof = evidence.map(step => `<li>${where(step.span)} ${withCode(step.message)}</li>`);
  const tags = [
    finding.ruleId,
    `${finding.confidence} confidence`,
    ...finding.cwe.map(number => `CWE-${number}`),
    ...finding.owasp,
  ];
  return `<article id="f-${escapeMarkup(finding.fingerprint)}">
<h3><span class="${severity}">${severity}</span> ${withCode(message)}</h3>
<p>${where(span)}</p>
${proof.length > 0 ? `<details><summary>Proof, ${escapeMarkup(count(proof.length, 'step'))}</summary><ol>${proof.join('')}</ol></details>\n` : ''}${
  suppression
    ? `<p class="dim">Suppressed by ${suppression.kind}${suppression.reason ? `: ${escapeMarkup(suppression.reason)}` : ''}</p>\n`
    : ''
}<p class="dim">${rule ? `${escapeMarkup(rule.title)} · ` : ''}${tags.map(escapeMarkup).join(' · ')}</p>
</article>
`;
}
