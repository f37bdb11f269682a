import { renderGithub } from './github.ts';
import { renderHtml } from './html.ts';
import type { ReportInput } from './input.ts';
import { renderJson } from './json.ts';
import { renderJunit } from './junit.ts';
import { renderMarkdown } from './markdown.ts';
import { renderSarif } from './sarif.ts';
import { renderText } from './text.ts';

export interface RenderOptions {
  readonly color?: boolean;
  readonly timing?: boolean;
}

export const FORMATS = ['text', 'json', 'sarif', 'markdown', 'html', 'junit', 'github'] as const;
export type Format = (typeof FORMATS)[number];

const RENDERERS: Readonly<Record<Format, (input: ReportInput, options: RenderOptions) => string>> = {
  text: renderText,
  json: renderJson,
  sarif: renderSarif,
  markdown: renderMarkdown,
  html: renderHtml,
  junit: renderJunit,
  github: renderGithub,
};

/** Every format ends with a line break, or is empty if it has nothing to say. */
export function renderReport(format: Format, input: ReportInput, options: RenderOptions = {}): string {
  return RENDERERS[format](input, options);
}
