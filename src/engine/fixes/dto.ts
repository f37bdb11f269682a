import type { ClassValue } from '../link/values.ts';
import type { ClassMember, ImportFact } from '../model/facts.ts';
import type { FixDraft } from '../rules/rule.ts';
import { insertLinesBefore } from './document.ts';
import { insertImport } from './source-import.ts';
import { edit, indentAt, lineStart } from './source-style.ts';

/** Makes an import of a type one of the class. */
export function importAtRunTime(file: string, { p, local }: ImportFact): FixDraft {
  return {
    title: `Import ${local} at run time`,
    kind: 'auto',
    change({ text }) {
      const source = text(file);
      if (source === undefined) return undefined;
      const own = /[{,]\s*(type\s+)$/.exec(source.slice(0, p[0]));
      if (own) return { edits: [edit(file, [p[0] - own[1]!.length, p[0]], '')], newFiles: [] };
      // The word before the braces holds for all names in them.
      const head = /import\s+(type\s+)(?:\{\s*)?$/.exec(source.slice(0, p[0]));
      if (!head || !/^\s*,?\s*\}?\s*from\b/.test(source.slice(p[1]))) return undefined;
      const start = head.index + head[0].indexOf(head[1]!);
      return { edits: [edit(file, [start, start + head[1]!.length], '')], newFiles: [] };
    },
  };
}

/** Makes the pipe look into a property. */
export function checkNested(
  file: string,
  { t, np }: ClassMember,
  { cls }: ClassValue,
  missing: readonly string[],
): FixDraft {
  return {
    title: `Check ${cls.name} inside`,
    kind: 'auto',
    change({ model, text }) {
      const source = text(file);
      const facts = model.project.sources.get(file);
      if (source === undefined || !facts) return undefined;
      const list = t?.array === true || t?.n === 'Array' || t?.n === 'ReadonlyArray';
      const edits = [];
      const lines: string[] = [];
      for (const name of missing) {
        const module = name === 'Type' ? 'class-transformer' : 'class-validator';
        const imported = insertImport(file, source, facts, { module, name, local: name });
        if (!imported) return undefined;
        edits.push(...imported.edits);
        const argument = name === 'Type' ? `() => ${cls.name}` : list ? '{ each: true }' : '';
        lines.push(`${indentAt(source, np[0])}@${imported.local}(${argument})`);
      }
      return { edits: [...edits, insertLinesBefore(file, source, lineStart(source, np[0]), lines)], newFiles: [] };
    },
  };
}
