import { eachExprIn } from '../link/env.ts';
import type { Model } from '../link/model.ts';
import type { ExprOf, FileFacts, Prop } from '../model/facts.ts';
import type { Span } from '../model/span.ts';
import type { FixDraft } from '../rules/rule.ts';
import { removeProperty } from './source-object.ts';

/** Takes a property out of the object that is logged, where `span` is its name and others are left. */
export function leaveUnlogged({ project }: Model, { file, start, end }: Span): FixDraft[] {
  const facts = project.sources.get(file);
  const found = facts && propertyAt(facts, start, end);
  if (!found || found.object.props.length < 2) return [];
  return [
    {
      title: 'Leave it out of the log',
      kind: 'suggest',
      change({ text }) {
        const source = text(file);
        if (source === undefined) return undefined;
        return { edits: [removeProperty(file, source, found.object, found.property)], newFiles: [] };
      },
    },
  ];
}

function propertyAt(
  { functions }: FileFacts,
  start: number,
  end: number,
): { readonly object: ExprOf<'obj'>; readonly property: Prop } | undefined {
  let found: { object: ExprOf<'obj'>; property: Prop } | undefined;
  for (const fn of functions)
    eachExprIn(fn, e => {
      if (e.k !== 'obj' || found) return;
      const property = e.props.find(prop => prop.k === 'prop' && prop.np[0] === start && prop.np[1] === end);
      if (property) found = { object: e, property };
    });
  return found;
}
