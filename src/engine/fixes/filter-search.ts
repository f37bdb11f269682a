import type { Model } from '../link/model.ts';
import type { UnfilteredSearch } from '../queries/ai/unfiltered-searches.ts';
import type { FixDraft } from '../rules/rule.ts';
import { callerIn } from './caller.ts';
import { mergeProperties } from './source-object.ts';
import { quoted } from './source-style.ts';

/** Searches among the documents of whoever is calling only. */
export function filterByCaller(model: Model, { operation, owner }: UnfilteredSearch): FixDraft[] {
  const { file, is, args } = operation;
  const options = args['options'];
  const caller = owner.caller && options ? callerIn(model, owner.caller, options.env) : undefined;
  if (caller === undefined || options?.expr.k !== 'obj') return [];
  const literal = options.expr;
  return [
    {
      title: `Search by \`${owner.name}\` of the caller`,
      kind: 'suggest',
      change({ text }) {
        const source = text(file);
        if (source === undefined) return undefined;
        const value =
          is['store'] === 'qdrant'
            ? `{ must: [{ key: ${quoted(source, owner.name)}, match: { value: ${caller} } }] }`
            : `{ ${owner.name}: ${caller} }`;
        const name = String(is['filter']);
        return { edits: mergeProperties(file, source, literal, [{ name, value }]), newFiles: [] };
      },
    },
  ];
}
