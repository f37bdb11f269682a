import type { Asked } from '../flow/asked.ts';
import type { Model } from '../link/model.ts';
import type { Expr } from '../model/facts.ts';
import { expressionAt } from '../queries/expression-at.ts';
import type { FixDraft } from '../rules/rule.ts';
import { edit, quoted } from './source-style.ts';

/** Leaves messages of the system out of a conversation that its sender wrote. */
export function onlySpoken(model: Model, { first: { flows, span }, option }: Asked): FixDraft[] {
  const whole = option === 'messages' ? expressionAt(model, span)?.e : undefined;
  const lists = whole ? listsIn(whole) : [];
  const { file } = span;
  // What stands in another place is filtered there, if at all.
  const [list] = lists;
  if (!list || lists.length > 1 || flows.some(({ sink }) => sink.arg.file !== file)) return [];
  return [
    {
      title: 'Take over only what the user and the assistant said',
      kind: 'suggest',
      change({ text }) {
        const source = text(file);
        if (source === undefined) return undefined;
        const one = /\.[cm]?tsx?$/.test(file) ? '(one: { role: string })' : 'one';
        const [user, assistant] = [quoted(source, 'user'), quoted(source, 'assistant')];
        const filter = `.filter(${one} => one.role === ${user} || one.role === ${assistant})`;
        return { edits: [edit(file, [list.p[1], list.p[1]], filter)], newFiles: [] };
      },
    },
  ];
}

/** Lists that messages are taken over from, one by one or as a whole. */
function listsIn(e: Expr): Expr[] {
  if (e.k === 'mem' || e.k === 'id') return [e];
  return e.k === 'arr' ? e.e.flatMap(one => (one.k === 'spread' ? listsIn(one.e) : [])) : [];
}
