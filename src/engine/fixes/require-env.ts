import type { Change, Span } from '../model/span.ts';
import type { FixContext } from '../rules/rule.ts';
import { appendLines } from './source-statement.ts';
import { edit, quoted, styleOf } from './source-style.ts';

/** Replaces an expression by `requireEnv('NAME')`, with the helper if the file has none, and names it in `.env.example`. */
export function readFromEnvironment({ model, text }: FixContext, span: Span, name: string): Change | undefined {
  const source = text(span.file);
  const facts = model.project.sources.get(span.file);
  if (source === undefined || !facts) return undefined;
  const edits = [edit(span.file, [span.start, span.end], `requireEnv(${quoted(source, name)})`)];
  const known =
    facts.functions.some(fn => fn.name === 'requireEnv') || facts.imports.some(one => one.local === 'requireEnv');
  if (!known) edits.push(appendLines(span.file, source, helper(span.file, source)));
  const template = model.project
    .artefactsOf('env-file')
    .find(
      ({ facts: { template }, path }) => template && isBeside(path, model.project.packageOf(span.file)?.folder ?? ''),
    );
  const templateText = template && text(template.path);
  if (template && templateText !== undefined && !template.facts.variables.some(one => one.name.value === name)) {
    const at = templateText.length;
    const gap = templateText === '' || templateText.endsWith('\n') ? '' : '\n';
    edits.push({ span: { file: template.path, start: at, end: at }, text: `${gap}${name}=\n` });
  }
  return { edits, newFiles: [] };
}

function isBeside(path: string, folder: string): boolean {
  const at = path.lastIndexOf('/');
  return (at === -1 ? '' : path.slice(0, at)) === folder;
}

function helper(file: string, text: string): string[] {
  const typed = /\.[cm]?tsx?$/.test(file);
  const { semicolon, indent } = styleOf(text);
  const name = `name${typed ? ': string' : ''}`;
  const message = '`Environment variable ${name} is not set.`';
  return [
    `function requireEnv(${name})${typed ? ': string' : ''} {`,
    `${indent}const value = process.env[name]${semicolon}`,
    `${indent}if (!value) throw new Error(${message})${semicolon}`,
    `${indent}return value${semicolon}`,
    '}',
  ];
}
