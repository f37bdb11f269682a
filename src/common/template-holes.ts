/** A place of a template that writes a value as it is. */
export interface TemplateHole {
  /** What is written. */
  readonly value: { readonly value: string; readonly start: number; readonly end: number };
  /** Steps from the values the template gets: `user`, `name`; `*` for an element. */
  readonly path: readonly string[];
  /** What makes the engine escape it. */
  readonly escape: readonly { readonly start: number; readonly end: number; readonly text: string }[];
}

export type TemplateLanguage = 'ejs' | 'pug' | 'nunjucks' | 'handlebars';

/** Steps into the values a template gets. */
const PATH = /^[A-Za-z_$][\w$]*(?:\??\.[A-Za-z_$][\w$]*|\[[^\][]*\])*$/;

/** Places of a template's text where a value is written into the page as it is. */
export function rawHoles(language: TemplateLanguage, text: string): TemplateHole[] {
  switch (language) {
    case 'ejs':
      return ejs(text);
    case 'pug':
      return pug(text);
    case 'nunjucks':
      return nunjucks(text);
    case 'handlebars':
      return handlebars(text);
  }
}

/** `<%- name %>` */
function ejs(text: string): TemplateHole[] {
  return [...text.matchAll(/<%-([^%]*?)[-_]?%>/g)].flatMap(match =>
    hole(match.index + 3, match[1]!, [], [{ start: match.index, end: match.index + 3, text: '<%=' }]),
  );
}

/** `!{name}`, `p!= name` */
function pug(text: string): TemplateHole[] {
  const inText = [...text.matchAll(/!\{([^}\n]*)\}/g)].flatMap(match =>
    hole(match.index + 2, match[1]!, [], [{ start: match.index, end: match.index + 1, text: '#' }]),
  );
  const whole = [...text.matchAll(/^([ \t]*(?:[\w#.-]+(?:\([^)\n]*\))?)?)!=([^=\n][^\n]*)$/gm)].flatMap(match => {
    const at = match.index + match[1]!.length;
    return hole(at + 2, match[2]!, [], [{ start: at, end: at + 1, text: '' }]);
  });
  return [...inText, ...whole];
}

/** `{{ name | safe }}` */
function nunjucks(text: string): TemplateHole[] {
  return [...text.matchAll(/\{\{-?([^{}|]*)(\|\s*(?:safe|raw)\s*)-?\}\}/g)].flatMap(match => {
    const start = match.index + match[0].indexOf('|');
    return hole(
      match.index + match[0].indexOf(match[1]!, 2),
      match[1]!,
      [],
      [{ start, end: start + match[2]!.length, text: '' }],
    );
  });
}

/** `{{{name}}}` and `{{& name}}`; in a block, names are those of what the block is about. */
function handlebars(text: string): TemplateHole[] {
  const out: TemplateHole[] = [];
  const around: (readonly string[])[] = [];
  for (const match of text.matchAll(/\{\{\{\s*([^{}]*?)\s*\}\}\}|\{\{(~?\s*[#/&^])\s*([^{}]*?)\s*~?\}\}/g)) {
    const { index } = match;
    const [whole, raw, mark, tag = ''] = match;
    const base = around.at(-1) ?? [];
    const end = index + whole.length;
    if (raw !== undefined)
      out.push(
        ...hole(index + whole.indexOf(raw, 3), raw, base, [
          { start: index, end: index + 3, text: '{{' },
          { start: end - 3, end, text: '}}' },
        ]),
      );
    else if (mark!.endsWith('&'))
      out.push(
        ...hole(index + whole.indexOf(tag, 3), tag, base, [
          { start: index + whole.indexOf('&'), end: index + whole.indexOf('&') + 1, text: '' },
        ]),
      );
    else if (mark!.endsWith('/')) around.pop();
    else if (mark!.endsWith('#')) around.push(inBlock(tag, base));
  }
  return out;
}

function inBlock(tag: string, base: readonly string[]): readonly string[] {
  const [, kind, list] = /^(each|with)\s+([\w$.]+)/.exec(tag) ?? [];
  if (list === undefined) return base;
  const path = stepsOf(list, base);
  return kind === 'each' ? [...path, '*'] : path;
}

function hole(
  at: number,
  written: string,
  base: readonly string[],
  edits: TemplateHole['escape'],
): readonly TemplateHole[] {
  const value = written.trim();
  if (!PATH.test(value.replace(/^(?:this\.|\.\.\/)/, ''))) return [];
  const start = at + written.indexOf(value);
  return [{ value: { value, start, end: start + value.length }, path: stepsOf(value, base), escape: edits }];
}

function stepsOf(value: string, base: readonly string[]): string[] {
  const isOuter = value.startsWith('../');
  const names = value
    .replace(/^(?:\.\.\/|this\.|locals\.)/, '')
    .replace(/\[\s*['"]([\w$]+)['"]\s*\]/g, '.$1')
    .replace(/\[[^\]]*\]/g, '.*')
    .split(/\??\./);
  return [...(isOuter ? [] : base), ...names];
}
