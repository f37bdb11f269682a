import { type ArtefactReader, hasExtension, isYaml } from './reader.ts';

/** A template is not YAML until it is rendered; reading it raw would invent facts. */
export const helmTemplate: ArtefactReader<'helm-template'> = {
  kind: 'helm-template',

  matches(path, head) {
    if (!isYaml(path) && !hasExtension(path, 'tpl')) return false;
    return looksLikeHelm(head) || (/(?:^|\/)templates\//.test(path) && head.includes('{{'));
  },

  read: () => ({ kind: 'helm-template', problems: [] }),
};

/** Go template actions that only Helm charts have; `{{ x }}` alone may be of another tool. */
export function looksLikeHelm(text: string): boolean {
  return /\{\{-?\s*(?:if|else|end|range|with|include|template|define|toYaml|tpl|printf|\$?\.(?:Values|Release|Chart|Capabilities|Files))\b/.test(
    text,
  );
}
