import { rawHoles, type TemplateLanguage } from '../../common/template-holes.ts';
import type { TemplateFacts } from '../model/artefacts/project.ts';
import { type ArtefactReader, hasExtension } from './reader.ts';

/** Pages that an engine may be set to take for its own; each language marks raw values in its own way. */
const PAGES = /(?:^|\/)(?:views|templates)\/(?:.*\/)?[^/]+\.html?$/i;
const ANY_LANGUAGE: readonly TemplateLanguage[] = ['ejs', 'nunjucks', 'handlebars'];

export const template: ArtefactReader<'template'> = {
  kind: 'template',

  matches: path =>
    hasExtension(path, 'ejs', 'hbs', 'handlebars', 'mustache', 'pug', 'jade', 'njk', 'swig', 'twig') ||
    PAGES.test(path),

  read(path, text): TemplateFacts {
    const holes = languagesOf(path).flatMap(language => rawHoles(language, text));
    return { kind: 'template', problems: [], holes };
  },
};

function languagesOf(path: string): readonly TemplateLanguage[] {
  if (hasExtension(path, 'html', 'htm')) return ANY_LANGUAGE;
  if (hasExtension(path, 'ejs')) return ['ejs'];
  if (hasExtension(path, 'pug', 'jade')) return ['pug'];
  return [hasExtension(path, 'njk', 'swig', 'twig') ? 'nunjucks' : 'handlebars'];
}
