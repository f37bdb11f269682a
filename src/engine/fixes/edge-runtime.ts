import type { TextEdit } from '../model/span.ts';
import type { EdgeEntry } from '../queries/edge/edge-entries.ts';
import { COMPAT_COMPLETE } from '../queries/edge/edge-support.ts';
import type { FixContext, FixDraft } from '../rules/rule.ts';
import { insertLinesAfter, removeLines } from './document.ts';
import { setJson } from './document-json.ts';
import { edit } from './source-style.ts';

/** Turns Node.js compatibility of a Worker on; undefined where its date is too old for that to help. */
export function enableNodeCompat({ worker }: EdgeEntry): FixDraft | undefined {
  if (!worker || (worker.setup.date ?? '') < COMPAT_COMPLETE) return undefined;
  const { path, facts } = worker;
  return {
    title: 'Turn on nodejs_compat',
    kind: 'suggest',
    change({ text }) {
      const own = text(path);
      if (own === undefined) return undefined;
      const edits = facts.format === 'json' ? jsonFlag(path, own, facts) : tomlFlag(path, own, facts);
      return edits && { edits, newFiles: [] };
    },
  };
}

type Facts = NonNullable<EdgeEntry['worker']>['facts'];

function jsonFlag(path: string, text: string, { compatibilityFlags: { length } }: Facts): readonly TextEdit[] {
  if (length > 0) return setJson(path, text, ['compatibility_flags', length], 'nodejs_compat', { insert: true });
  return setJson(path, text, ['compatibility_flags'], ['nodejs_compat']);
}

function tomlFlag(path: string, text: string, facts: Facts): readonly TextEdit[] | undefined {
  const last = facts.compatibilityFlags.at(-1);
  if (last) return [edit(path, [last.end, last.end], ', "nodejs_compat"')];
  const empty = /^compatibility_flags\s*=\s*\[(?=\s*\])/m.exec(text);
  if (empty) return [edit(path, [empty.index + empty[0].length, empty.index + empty[0].length], '"nodejs_compat"')];
  const date = facts.compatibilityDate;
  return date && [insertLinesAfter(path, text, date.end, ['compatibility_flags = ["nodejs_compat"]'])];
}

/** Takes the wish for the edge runtime out of routes, so that they run on Node.js. */
export function runOnNode(entries: readonly EdgeEntry[]): FixDraft | undefined {
  if (entries.some(({ span }) => span.end === span.start)) return undefined;
  return {
    title: entries.length === 1 ? 'Run the route on Node.js' : `Run the ${entries.length} routes on Node.js`,
    kind: 'suggest',
    change(context) {
      const edits = entries.map(entry => withoutRuntime(context, entry));
      return edits.every(one => one !== undefined) ? { edits, newFiles: [] } : undefined;
    },
  };
}

function withoutRuntime({ text }: FixContext, { span: { file, start, end } }: EdgeEntry): TextEdit | undefined {
  const own = text(file);
  if (own === undefined) return undefined;
  const lineStart = own.lastIndexOf('\n', start) + 1;
  const lineEnd = own.indexOf('\n', end);
  const line = own.slice(lineStart, lineEnd === -1 ? own.length : lineEnd);
  if (/^export\s+const\s+(?:runtime|config)\b[^,]*$/.test(line)) return removeLines(file, own, start, end);
  const comma = /^\s*,[ \t]*/.exec(own.slice(end))?.[0].length ?? 0;
  return comma ? edit(file, [start, end + comma], '') : undefined;
}
