import { type Finding, SEVERITIES } from '../engine/model/finding.ts';
import { compareBySeverity } from '../engine/model/order.ts';
import type { RuleInfo } from '../session/api.ts';
import { escapeMarkup } from './escape.ts';
import { countBySeverity, openFindings, type ReportInput } from './input.ts';
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
${SEVERITIES.map(severity => `.${severity} { color: var(--${severity}); font-weight: 600; }`).join('\n')}
`;

/** One file without scripts or links to anything remote, readable in light and dark. */
export function renderHtml(input: ReportInput): string {
  const open = openFindings(input);
  const suppressed = input.findings.filter(finding => finding.suppression);
  const chips = countBySeverity(open).map(
    ([severity, number]) => `<li><span class="${severity}">${severity}</span> ${number}</li>`,
  );
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
<ul>${chips.join('')}</ul>
${notes(input)}<main>
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
  const proof = evidence.map(step => `<li>${where(step.span)} ${escapeMarkup(step.message)}</li>`);
  const tags = [
    finding.ruleId,
    `${finding.confidence} confidence`,
    ...finding.cwe.map(number => `CWE-${number}`),
    ...finding.owasp,
  ];
  return `<article id="f-${escapeMarkup(finding.fingerprint)}">
<h3><span class="${severity}">${severity}</span> ${escapeMarkup(message)}</h3>
<p>${where(span)}</p>
${proof.length > 0 ? `<details><summary>Proof, ${escapeMarkup(count(proof.length, 'step'))}</summary><ol>${proof.join('')}</ol></details>\n` : ''}${
  suppression
    ? `<p class="dim">Suppressed by ${suppression.kind}${suppression.reason ? `: ${escapeMarkup(suppression.reason)}` : ''}</p>\n`
    : ''
}<p class="dim">${rule ? `${escapeMarkup(rule.title)} · ` : ''}${tags.map(escapeMarkup).join(' · ')}</p>
</article>
`;
}
