import type { Operation } from '../link/operations.ts';
import type { Change } from '../model/span.ts';
import { mergeArgument, mergeExpression, objectText, type PropertyText } from './source-object.ts';
import { uncast } from './source-style.ts';

/** Sets options of a cookie where it is set; `below` names the key that holds them among the options of a session. */
export function setCookieOptions(
  { file, site }: Operation,
  { position, below }: { position: number; below: string | undefined },
  text: (file: string) => string | undefined,
  propertiesIn: (source: string) => readonly PropertyText[],
): Change | undefined {
  const source = text(file);
  if (source === undefined) return undefined;
  const properties = propertiesIn(source);
  const options = site.call.a[position];
  const literal = options && uncast(options);
  const own =
    below && literal?.k === 'obj' ? literal.props.find(one => one.k === 'prop' && one.n === below) : undefined;
  const edits =
    own?.k === 'prop' && !own.short
      ? mergeExpression(file, source, own.v, properties)
      : mergeArgument(
          file,
          source,
          site.call,
          position,
          below ? [{ name: below, value: objectText(source, site.call.p[0], properties) }] : properties,
        );
  return edits && { edits, newFiles: [] };
}
