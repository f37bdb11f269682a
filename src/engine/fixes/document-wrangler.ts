import { findNodeAtLocation, getNodeValue, parseTree } from 'jsonc-parser';
import type { TextEdit } from '../model/span.ts';
import { eolOf } from './document.ts';
import { setJson } from './document-json.ts';
import { edit } from './source-style.ts';

/** Where a new binding of a type goes; the platform creates what it names on the next deploy. */
const SECTIONS: Readonly<Record<string, string>> = {
  KVNamespace: 'kv_namespaces',
  R2Bucket: 'r2_buckets',
  D1Database: 'd1_databases',
};

/** The section of a configuration that declares bindings of a TypeScript type; undefined if more than a name is needed. */
export function sectionOf(type: string | undefined): string | undefined {
  return type === undefined ? undefined : SECTIONS[type];
}

/** Adds a binding to the top level. */
export function addBinding(file: string, text: string, section: string, name: string): TextEdit[] {
  if (file.endsWith('.toml')) {
    const eol = eolOf(text);
    const gap = text.endsWith('\n') ? eol : eol + eol;
    return [edit(file, [text.length, text.length], `${gap}[[${section}]]${eol}binding = "${name}"${eol}`)];
  }
  return append(file, text, [section], { binding: name });
}

/** Copies a binding of the top level to a named environment; JSON only. */
export function copyBinding(
  file: string,
  text: string,
  section: string,
  name: string,
  environment: string,
): TextEdit[] | undefined {
  if (file.endsWith('.toml')) return undefined;
  const own = readJson(text, [section]);
  const found: unknown = Array.isArray(own) ? own.find(one => one?.binding === name) : undefined;
  return found === undefined ? undefined : append(file, text, ['env', environment, section], found);
}

function append(file: string, text: string, path: readonly string[], value: unknown): TextEdit[] {
  const at = readJson(text, path);
  return Array.isArray(at)
    ? setJson(file, text, [...path, at.length], value, { insert: true })
    : setJson(file, text, path, [value]);
}

function readJson(text: string, path: readonly string[]): unknown {
  const root = parseTree(text);
  const node = root && findNodeAtLocation(root, [...path]);
  return node && getNodeValue(node);
}
