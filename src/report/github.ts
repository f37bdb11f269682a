import type { Severity } from '../engine/model/finding.ts';
import { compareBySeverity } from '../engine/model/order.ts';
import { openFindings, type ReportInput } from './input.ts';
import { problemText } from './words.ts';

const COMMANDS: Readonly<Record<Severity, string>> = {
  error: 'error',
  warning: 'warning',
  info: 'notice',
  hint: 'notice',
};

/**
 * Workflow commands that become annotations, worst first because GitHub shows only the first ten of a kind in a step:
 * https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions
 */
export function renderGithub(input: ReportInput): string {
  const lines = openFindings(input)
    .sort(compareBySeverity)
    .map(finding => {
      const { line, column, endLine, endColumn } = input.placeOf(finding.span);
      const properties = [
        ['file', finding.span.file],
        ['line', line],
        ['endLine', endLine],
        // Columns of a range over several lines are refused.
        ...(line === endLine ? [['col', column] as const, ['endColumn', endColumn] as const] : []),
        ['title', finding.ruleId],
      ] as const;
      const list = properties.map(([key, value]) => `${key}=${escapeProperty(String(value))}`).join(',');
      return `::${COMMANDS[finding.severity]} ${list}::${escapeData(finding.message)}\n`;
    });
  const notes = input.problems.map(
    problem => `::${problem.incomplete ? 'error' : 'notice'}::${escapeData(problemText(problem))}\n`,
  );
  return [...lines, ...notes].join('');
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
