import picocolors from 'picocolors';
import type { Finding, Severity } from '../engine/model/finding.ts';
import { openFindings, type ReportInput } from './input.ts';
import { count, printable, problemText, tally } from './words.ts';

const SYMBOLS: Readonly<Record<Severity, string>> = { error: '✖', warning: '▲', info: '●', hint: '○' };

type Colors = ReturnType<typeof picocolors.createColors>;

/** For people at a terminal: findings by file, their proof below, a count at the end. */
export function renderText(input: ReportInput, { color = false }: { readonly color?: boolean } = {}): string {
  const colors = picocolors.createColors(color);
  const open = openFindings(input);
  const lines: string[] = [];

  let file: string | undefined;
  for (const finding of open) {
    if (finding.span.file !== file) {
      if (file !== undefined) lines.push('');
      file = finding.span.file;
      lines.push(colors.underline(printable(file)));
    }
    lines.push(...findingLines(finding, input, colors));
  }
  if (open.length > 0) lines.push('');
  for (const problem of input.problems) {
    lines.push(
      `${problem.incomplete ? colors.red('Incomplete:') : colors.dim('Note:')} ${printable(problemText(problem))}`,
    );
  }
  if (input.problems.length > 0) lines.push('');
  lines.push(summary(input, open, colors));
  return `${lines.join('\n')}\n`;
}

function findingLines(finding: Finding, { placeOf }: ReportInput, colors: Colors): string[] {
  const { line, column } = placeOf(finding.span);
  const severity = tint(colors, finding.severity)(`${SYMBOLS[finding.severity]} ${finding.severity.padEnd(7)}`);
  const head = `  ${colors.dim(`${line}:${column}`.padEnd(7))} ${severity} ${printable(finding.message)}  ${colors.dim(finding.ruleId)}`;
  const proof = finding.evidence.map(({ span, message }) => {
    const place = placeOf(span);
    const where = span.file === finding.span.file ? '' : `${span.file}:`;
    return colors.dim(printable(`            ${where}${place.line}:${place.column}  ${message}`));
  });
  return [head, ...proof];
}

function summary({ findings, stats }: ReportInput, open: readonly Finding[], colors: Colors): string {
  const hidden = findings.length - open.length;
  const rest = [hidden > 0 ? `${hidden} suppressed` : '', count(stats.files, 'file')]
    .filter(part => part !== '')
    .join(', ');
  if (open.length === 0) return `${colors.green('No findings')} (${rest})`;
  const worst = open.some(({ severity }) => severity === 'error') ? colors.red : colors.yellow;
  return `${worst(tally(open))} (${rest})`;
}

function tint(colors: Colors, severity: Severity): (text: string) => string {
  return { error: colors.red, warning: colors.yellow, info: colors.blue, hint: colors.dim }[severity];
}
