import type { Section, Source } from './types.ts';

/** Title (linked or not), publisher and year, separated by commas or dashes. */
const SOURCE =
  /^(?:\[(?<linked>[^\]]+)\]\((?<url>https:\/\/\S+)\)|(?<title>.+?))(?:,| [-–—]) (?<publisher>.+?)(?:,| [-–—])? \(?(?<year>\d{4})\)?\.?$/;
const FENCE = /^ {0,3}(```+|~~~+)(.*)$/;

/** Splits a body at its `## ` headings; what stands in a fence is never a heading. */
export function splitSections(body: string): { readonly intro: string; readonly sections: readonly Section[] } {
  const parts: { heading: string; lines: string[] }[] = [{ heading: '', lines: [] }];
  for (const { line, fenced } of lines(body)) {
    const heading = fenced ? undefined : /^## (.+)$/.exec(line)?.[1];
    if (heading !== undefined) parts.push({ heading: heading.trim(), lines: [] });
    else parts.at(-1)!.lines.push(line);
  }
  const [intro, ...rest] = parts.map(part => ({ heading: part.heading, text: part.lines.join('\n').trim() }));
  return { intro: intro!.text, sections: rest };
}

export interface Fence {
  readonly language: string;
  /** The path after `file=`; undefined if the fence names none. */
  readonly file?: string;
  readonly text: string;
}

/** All fenced blocks, in order. */
export function fences(markdown: string): readonly Fence[] {
  const found: Fence[] = [];
  let open: { info: string; lines: string[] } | undefined;
  for (const { line, fenced, marker } of lines(markdown)) {
    if (marker !== undefined && !open) open = { info: marker, lines: [] };
    else if (marker !== undefined && open) {
      found.push(toFence(open.info, open.lines));
      open = undefined;
    } else if (fenced) open?.lines.push(line);
  }
  return found;
}

/** The text without fenced blocks. */
export function prose(markdown: string): string {
  const kept: string[] = [];
  for (const { line, fenced } of lines(markdown)) if (!fenced) kept.push(line);
  return kept.join('\n');
}

/** Reads lines like `- [Title](url), Publisher, 2025`; a line without title, publisher and year comes back as a text. */
export function readSources(text: string): readonly (Source | string)[] {
  return text
    .split(/\n(?=- )/)
    .map(entry => entry.replace(/\s+/g, ' ').replace(/^- /, '').trim())
    .filter(entry => entry !== '')
    .map(toSource);
}

function* lines(markdown: string): Generator<{ line: string; fenced: boolean; marker?: string }> {
  let open: string | undefined;
  for (const line of markdown.split('\n')) {
    const [, ticks, info] = FENCE.exec(line) ?? [];
    if (ticks !== undefined && open === undefined) {
      open = ticks;
      yield { line, fenced: true, marker: info!.trim() };
    } else if (ticks !== undefined && open !== undefined && ticks.startsWith(open) && info!.trim() === '') {
      open = undefined;
      yield { line, fenced: true, marker: '' };
    } else yield { line, fenced: open !== undefined };
  }
}

function toFence(info: string, content: readonly string[]): Fence {
  const [language = '', ...attributes] = info.split(/\s+/);
  const file = attributes.find(attribute => attribute.startsWith('file='))?.slice('file='.length);
  return { language, ...(file ? { file } : {}), text: `${content.join('\n')}\n` };
}

function toSource(entry: string): Source | string {
  const groups = SOURCE.exec(entry)?.groups;
  if (!groups) return entry;
  const { linked, url, title, publisher, year } = groups;
  return { title: (linked ?? title)!, publisher: publisher!, year: Number(year), ...(url ? { url } : {}) };
}
