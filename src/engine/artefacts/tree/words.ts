import type { CommandLine } from '../../model/artefacts/base.ts';
import {
  type DocumentNode,
  type NamedSetting,
  type ScalarNode,
  type Setting,
  textSetting,
} from '../../model/document.ts';

/** A part of a scalar's value as a range of the file, or the whole scalar if escapes or line breaks hide the place. */
export function part(
  scalar: ScalarNode | Setting,
  text: string,
  from: number,
  to: number,
): { start: number; end: number } {
  const { value, start, end } = scalar;
  if (typeof value === 'string' || typeof value === 'number') {
    for (const quote of [0, 1]) {
      if (text.slice(start + quote, end - quote) === String(value))
        return { start: start + quote + from, end: start + quote + to };
    }
  }
  return { start, end };
}

/** `NAME=value` items of a list, or the entries of a map; a name without `=` has no value. */
export function assignment(
  item: DocumentNode,
  text: string,
): { name: NamedSetting['name']; value?: Setting } | undefined {
  const setting = textSetting(item);
  if (!setting || setting.value === null || item.kind !== 'scalar') return undefined;
  const at = setting.value.indexOf('=');
  const name = at < 0 ? setting.value : setting.value.slice(0, at);
  const located = { value: name, ...part(item, text, 0, name.length) };
  if (at < 0) return { name: located };
  return {
    name: located,
    value: { value: setting.value.slice(at + 1), ...part(item, text, at + 1, setting.value.length) },
  };
}

/** A command of compose: a list as it is, a string split at blanks as a shell would, but not run by one. */
export function commandLine(node: DocumentNode | undefined, text: string): CommandLine | undefined {
  if (!node || node.kind === 'map') return undefined;
  const { start, end } = node;
  if (node.kind === 'list') {
    return {
      form: 'exec',
      start,
      end,
      words: node.items.map(item => textSetting(item) ?? { value: null, start: item.start, end: item.end }),
    };
  }
  const setting = textSetting(node);
  if (!setting) return undefined;
  if (setting.value === null) return { form: 'exec', start, end, words: [setting] };
  const words = [...setting.value.matchAll(/(?:"(?:[^"\\]|\\.)*"|'[^']*'|\\.|[^\s"'\\])+|["']/g)].map(match => ({
    value: match[0].replace(/"((?:[^"\\]|\\.)*)"|'([^']*)'/g, (_all, double, single) => double ?? single ?? ''),
    ...part(node, text, match.index, match.index + match[0].length),
  }));
  return { form: 'exec', start, end, words };
}
