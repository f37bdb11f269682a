import type { WorkflowExpression, WorkflowStep } from '../model/artefacts/workflow.ts';
import type { TextEdit } from '../model/span.ts';
import { insertLinesAfter } from './document.ts';
import { appendToMap, isFlow } from './document-yaml.ts';
import { edit, lineStart } from './source-style.ts';

/**
 * Hands an expression of a script to it through the environment: the expression becomes a quoted variable, and the step
 * gets the variable. Undefined where the script's own quoting cannot be followed.
 */
export function throughEnvironment(
  file: string,
  text: string,
  step: WorkflowStep,
  expression: WorkflowExpression,
): TextEdit[] | undefined {
  const name = variableName(step, expression.text);
  const value = text.slice(expression.start, expression.end);
  const use = expression.in === 'run' ? inShell(text, step, expression, name) : inScript(text, expression, name);
  const declare = step.env.some(one => one.name.value === name) ? [] : declareIn(file, text, step, `${name}: ${value}`);
  return use && declare && [edit(file, [use.start, use.end], use.text), ...declare];
}

function variableName({ env }: WorkflowStep, expression: string): string {
  const parts = expression
    .replace(/[^\w.]/g, '.')
    .split('.')
    .filter(part => part && part !== 'github' && part !== 'event');
  const name = parts.slice(-2).join('_').toUpperCase();
  return env.some(one => one.name.value === name) ? `${name}_TEXT` : name;
}

interface Replacement {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

function inShell(
  text: string,
  step: WorkflowStep,
  { start, end }: WorkflowExpression,
  name: string,
): Replacement | undefined {
  const run = step.run!;
  const shell = step.shell?.value ?? 'bash';
  const script = text.slice(run.start, run.end);
  // A scalar in YAML's own quotes, and here-documents, quote by rules of their own.
  if (!/^(?:bash|sh)\b/.test(shell) || /^["']/.test(script) || script.includes('<<')) return undefined;
  const quote = openQuote(text.slice(Math.max(lineStart(text, start), run.start), start));
  if (quote === '"') return { start, end, text: `\${${name}}` };
  if (quote === "'") return { start, end, text: `'"\${${name}}"'` };
  return { start, end, text: `"$${name}"` };
}

/** The quote that a line of shell leaves open. */
function openQuote(line: string): '"' | "'" | undefined {
  let open: '"' | "'" | undefined;
  for (let at = 0; at < line.length; at++) {
    const c = line[at];
    if (c === '\\' && open !== "'") at++;
    else if (open ? c === open : c === '"' || c === "'") open = open ? undefined : (c as '"' | "'");
  }
  return open;
}

function inScript(text: string, { start, end }: WorkflowExpression, name: string): Replacement | undefined {
  const before = text[start - 1];
  const after = text[end];
  const variable = `process.env.${name}`;
  if (before && before === after && /["'`]/.test(before)) return { start: start - 1, end: end + 1, text: variable };
  const line = text.slice(lineStart(text, start), start);
  if ((line.split('`').length - 1) % 2 === 1) return { start, end, text: `\${${variable}}` };
  return openQuote(line) ? undefined : { start, end, text: variable };
}

function declareIn(file: string, text: string, step: WorkflowStep, line: string): TextEdit[] | undefined {
  const last = step.env.at(-1);
  if (!last) {
    const added = appendToMap(file, text, step, ['env:', `  ${line}`]);
    return added && [added];
  }
  const start = lineStart(text, last.name.start);
  const indent = text.slice(start, last.name.start);
  if (indent.trim() !== '' || isFlow(text, last.value)) return undefined;
  return [insertLinesAfter(file, text, Math.max(last.name.end, last.value.end - 1), [indent + line])];
}
