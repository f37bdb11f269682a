import type { Model } from '../link/model.ts';
import type { Operation } from '../link/operations.ts';
import type { ExprOf, FunctionFact } from '../model/facts.ts';
import type { FixDraft } from '../rules/rule.ts';
import { importFrom } from './source-export.ts';
import { mergeProperties } from './source-object.ts';

/** How the options of a library ask about a new socket; an answer that is not true closes it. */
const ASKING: Readonly<Record<string, (check: (parameters: string) => string) => string>> = {
  'graphql-ws': check => `async ({ connectionParams }) => Boolean(${check('connectionParams')})`,
  'subscriptions-transport-ws': check => `async connectionParams => Boolean(${check('connectionParams')})`,
};

/** Asks about each new socket by the function that the project verifies tokens with, if there is one. */
export function askOnConnect(model: Model, { file, site, is }: Operation): FixDraft[] {
  const [options] = site.call.a;
  const asking = ASKING[String(is['library'])];
  const verifier = verifierOf(model, file);
  if (!verifier || !asking || options?.k !== 'obj' || options.props.some(isHook)) return [];
  return [
    {
      title: `Ask \`${verifier.name}\` about each new socket`,
      kind: 'suggest',
      change({ model: now, text }) {
        const source = text(file);
        const imported = source === undefined ? undefined : importFrom(now, file, source, verifier.file, verifier.name);
        if (source === undefined || !imported) return undefined;
        const value = asking(parameters => `await ${imported.local}(String(${parameters}?.token ?? ''))`);
        const edits = mergeProperties(file, source, options, [{ name: 'onConnect', value }]);
        return { edits: [...imported.edits, ...edits], newFiles: [] };
      },
    },
  ];
}

function isHook(prop: ExprOf<'obj'>['props'][number]): boolean {
  return prop.k !== 'prop' || prop.n === 'onConnect';
}

interface Verifier {
  readonly file: string;
  readonly name: string;
}

/** The one function of a service that takes a token alone and verifies it. */
function verifierOf(model: Model, file: string): Verifier | undefined {
  const folder = model.project.packageOf(file)?.folder;
  const found = model
    .operations('jwt-verify')
    .filter(one => model.project.packageOf(one.file)?.folder === folder && takesToken(one))
    .map(({ file: at, fn }) => ({ file: at, name: fn.name, fn }));
  const [only] = found;
  return only && found.every(({ fn }) => fn === only.fn) ? only : undefined;
}

function takesToken({ fn, args }: Operation): boolean {
  const [first, ...others] = fn.params;
  const token = args['token']?.expr;
  return (
    isTopLevel(fn) &&
    first?.pat.k === 'pid' &&
    others.every(({ d, opt }) => d !== undefined || opt) &&
    token?.k === 'id' &&
    token.n === first.pat.n
  );
}

function isTopLevel({ parent, name, kind }: FunctionFact): boolean {
  return parent === 0 && name !== '' && (kind === 'function' || kind === 'arrow');
}
