import type { Finding, Problem } from '../engine/model/finding.ts';
import { countBySeverity } from './input.ts';

/** `1 finding`, `2 findings`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

/** `3 findings: 1 error, 2 warnings`. */
export function tally(findings: readonly Finding[]): string {
  const parts = countBySeverity(findings).flatMap(([severity, number]) =>
    number === 0 ? [] : [severity === 'info' ? `${number} info` : count(number, severity)],
  );
  return `${count(findings.length, 'finding')}${parts.length > 0 ? `: ${parts.join(', ')}` : ''}`;
}

/** Text from the scanned code, made safe for a terminal: control characters could move the cursor or hide words. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu, '\uFFFD');
}

/** A problem with its file, unless its message names the file itself. */
export function problemText({ file, message }: Problem): string {
  return file === undefined || message.includes(file) ? message : `${file}: ${message}`;
}
