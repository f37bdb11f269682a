import type { Reaching } from '../flow/findings.ts';
import type { Model } from '../link/model.ts';
import type { ExprOf } from '../model/facts.ts';
import type { TextEdit } from '../model/span.ts';
import { expressionAt } from '../queries/expression-at.ts';
import type { FixDraft } from '../rules/rule.ts';
import { addHelper, type Helper, wrapped } from './in-place.ts';
import { mergeArgument } from './source-object.ts';
import { edit, quoted } from './source-style.ts';

const HOSTS = 'ALLOWED_HOSTS';

const HELPER: Helper = {
  name: 'allowedUrl',
  needs: [HOSTS],
  lines: typescript => [
    '/** Hosts that requests are sent to: none until they are named here. */',
    `const ${HOSTS} = new Set${typescript ? '<string>' : ''}([]);`,
    '',
    '/** An address, if its host is one of those. */',
    `function allowedUrl(address${typescript ? ': string' : ''})${typescript ? ': string' : ''} {`,
    '  const url = new URL(address);',
    `  if (!${HOSTS}.has(url.host)) throw new Error('No request is sent to ' + url.host);`,
    '  return url.href;',
    '}',
  ],
};

/** How a client is told to follow no redirect: where its options stand, and the option. */
const STAY: readonly (readonly [RegExp, number, string, (text: string) => string])[] = [
  [
    /^(?:fetch|(?:node-fetch|undici|cross-fetch|isomorphic-fetch)(?:\.fetch)?)$/,
    1,
    'redirect',
    text => quoted(text, 'error'),
  ],
  [/^axios(?:\.Axios#|\.create\(\)#|\.)(?:get|delete|head|options)$/, 1, 'maxRedirects', () => '0'],
  [/^axios(?:\.Axios#|\.create\(\)#|\.)(?:post|put|patch)$/, 2, 'maxRedirects', () => '0'],
];

/** Sends the request to hosts of a list only, which is empty: until they are named, every request fails. */
export function onlyAllowedHosts(model: Model, { flow: { sink } }: Reaching): FixDraft[] {
  const call = expressionAt(model, sink.call)?.e;
  const address = expressionAt(model, sink.arg)?.e;
  const { file } = sink.arg;
  // A host by itself, or options that hold one, are no address.
  if (call?.k !== 'call' || !address || address.k === 'obj' || call.a[0] !== address) return [];
  return [
    {
      title: 'Ask hosts of a list only',
      kind: 'suggest',
      change({ text }) {
        const source = text(file);
        const facts = model.project.sources.get(file);
        if (source === undefined || !facts) return undefined;
        const added = addHelper(file, source, facts, HELPER);
        const isText = address.k === 'tpl' || address.k === 'bin';
        const inside = isText
          ? edit(file, address.p, `${HELPER.name}(${source.slice(...address.p)})`)
          : wrapped(source, sink.arg, HELPER.name);
        return added && { edits: [inside, ...stay(file, source, call, sink.api), ...added], newFiles: [] };
      },
    },
  ];
}

/** A host that is allowed may still send the client to another one. */
function stay(file: string, source: string, call: ExprOf<'call'>, api: string): TextEdit[] {
  const found = STAY.find(([client]) => client.test(api));
  if (!found) return [];
  const [, position, name, value] = found;
  const options = call.a[position];
  if (options?.k === 'obj' && options.props.some(one => one.k === 'prop' && one.n === name)) return [];
  return mergeArgument(file, source, call, position, [{ name, value: value(source) }]) ?? [];
}
