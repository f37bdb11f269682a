import type { SecretComparison } from '../queries/security/secret-comparisons.ts';
import type { FixDraft } from '../rules/rule.ts';
import { insertImport, isTaken } from './source-import.ts';
import { appendLines } from './source-statement.ts';
import { edit, quoted, styleOf } from './source-style.ts';

const HELPER = 'safeEqual';

/** Replaces `a === b` by a helper that hashes both sides, so that the lengths are equal, and compares in constant time. */
export function compareInConstantTime({ compare, secret, given, span: { file } }: SecretComparison): FixDraft[] {
  if (compare.k !== 'bin') return [];
  return [
    {
      title: 'Compare in constant time',
      kind: 'auto',
      change({ model, text }) {
        const source = text(file);
        const facts = model.project.sources.get(file);
        if (source === undefined || !facts) return undefined;
        const part = ({ p }: typeof secret): string => source.slice(p[0], p[1]);
        const call = `${compare.op.startsWith('!') ? '!' : ''}${HELPER}(${part(given)}, ${part(secret)})`;
        const edits = [edit(file, compare.p, call)];
        if (facts.functions.some(fn => fn.name === HELPER && fn.parent === 0)) return { edits, newFiles: [] };
        if (isTaken(facts, HELPER)) return undefined;
        const hash = insertImport(file, source, facts, { module: 'node:crypto', name: 'createHash' });
        const equal = insertImport(file, source, facts, { module: 'node:crypto', name: 'timingSafeEqual' });
        if (!hash || !equal) return undefined;
        const imports = mergeImports(hash.edits, equal.edits);
        return {
          edits: [...edits, ...imports, appendLines(file, source, helper(file, source, hash.local, equal.local))],
          newFiles: [],
        };
      },
    },
  ];
}

type Edits = NonNullable<ReturnType<typeof insertImport>>['edits'];

/** Two names of one module: one import statement for both. */
function mergeImports(first: Edits, second: Edits): Edits {
  const [a] = first;
  const [b] = second;
  if (!a || !b || a.span.start !== b.span.start) return [...first, ...second];
  const both = a.text.replace('createHash', 'createHash, timingSafeEqual');
  return [{ ...a, text: a.text.startsWith(',') ? `${a.text}${b.text}` : both }];
}

function helper(file: string, text: string, hash: string, equal: string): string[] {
  const typed = /\.[cm]?tsx?$/.test(file);
  const { semicolon, indent } = styleOf(text);
  const of = (name: string): string => `${name}${typed ? ': unknown' : ''}`;
  const string = quoted(text, 'string');
  const digest = (name: string): string => `${hash}(${quoted(text, 'sha256')}).update(${name}).digest()`;
  return [
    `function ${HELPER}(${of('a')}, ${of('b')})${typed ? ': boolean' : ''} {`,
    `${indent}if (typeof a !== ${string} || typeof b !== ${string}) return false${semicolon}`,
    `${indent}return ${equal}(${digest('a')}, ${digest('b')})${semicolon}`,
    '}',
  ];
}
