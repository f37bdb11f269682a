import type { Finding } from '../engine/model/finding.ts';
import { escapeMarkup } from './escape.ts';
import { openFindings, type ReportInput } from './input.ts';
import { problemText } from './words.ts';

/** A suite for each file and a failed case for each finding; without findings one case that passed. */
export function renderJunit(input: ReportInput): string {
  const open = openFindings(input);
  const byFile = new Map<string, Finding[]>();
  for (const finding of open) byFile.set(finding.span.file, [...(byFile.get(finding.span.file) ?? []), finding]);
  const incomplete = input.problems.filter(problem => problem.incomplete);

  const lines = ['<?xml version="1.0" encoding="UTF-8"?>'];
  const tests = Math.max(1, open.length + incomplete.length);
  lines.push(`<testsuites name="Underpin" tests="${tests}" failures="${open.length}" errors="${incomplete.length}">`);
  for (const [file, findings] of byFile) {
    lines.push(
      `  <testsuite name="${escapeMarkup(file)}" tests="${findings.length}" failures="${findings.length}" errors="0">`,
    );
    for (const finding of findings) lines.push(...testCase(finding, input));
    lines.push('  </testsuite>');
  }
  if (incomplete.length > 0) {
    lines.push(`  <testsuite name="Underpin" tests="${incomplete.length}" failures="0" errors="${incomplete.length}">`);
    for (const problem of incomplete) {
      const message = escapeMarkup(problemText(problem));
      lines.push(
        `    <testcase classname="underpin" name="${problem.code}">`,
        `      <error message="${message}" type="${problem.code}"/>`,
      );
      lines.push('    </testcase>');
    }
    lines.push('  </testsuite>');
  }
  if (open.length + incomplete.length === 0) {
    lines.push('  <testsuite name="Underpin" tests="1" failures="0" errors="0">');
    lines.push('    <testcase classname="underpin" name="no findings"/>', '  </testsuite>');
  }
  lines.push('</testsuites>');
  return `${lines.join('\n')}\n`;
}

function testCase({ ruleId, span, message, severity, evidence }: Finding, { placeOf }: ReportInput): string[] {
  const { line, column } = placeOf(span);
  const proof = evidence.map(step => {
    const at = placeOf(step.span);
    return `${step.span.file}:${at.line}:${at.column} ${step.message}`;
  });
  const body = [`${span.file}:${line}:${column} ${severity}: ${message}`, ...proof].join('\n');
  const name = `${ruleId} at ${line}:${column}`;
  return [
    `    <testcase classname="${escapeMarkup(span.file)}" name="${escapeMarkup(name)}" file="${escapeMarkup(span.file)}" line="${line}">`,
    `      <failure message="${escapeMarkup(message)}" type="${escapeMarkup(ruleId)}">${escapeMarkup(body)}</failure>`,
    '    </testcase>',
  ];
}
