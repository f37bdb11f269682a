import { callsIn } from '../link/call-index.ts';
import { bodyMemo } from '../link/kept/fact-memo.ts';
import type { ExprOf } from '../model/facts.ts';
import { RESPONSE_SINKS } from './models/sinks.ts';
import { reach } from './reach.ts';
import { everything, read, type Taint } from './taint.ts';
import { templateSinks } from './template-sinks.ts';
import type { Walk } from './walk.ts';

/** Sinks of answers to a request. */
export function answerSinks(walk: Walk, e: ExprOf<'call'>, path: string, args: readonly Taint[]): void {
  const response = walk.solver.adapters.response(path);
  if (walk.solver.secretColumn && (response === 'json' || response === 'send') && e.a[0] && args[0])
    reach(walk, e, 'answer', path, e.a[0], shown(args[0]));
  if (response === 'render') templateSinks(walk, e, args);
  for (const { kind, arg } of (response && RESPONSE_SINKS[response]) ?? []) {
    const position = arg === -1 ? e.a.length - 1 : arg;
    const given = e.a[position];
    if (!given || (kind === 'html' && !answersHtml(walk, path))) continue;
    // A root of our own keeps the file inside of a folder.
    if (kind === 'path' && response === 'file' && (path.startsWith('fastify.') || statesRoot(e, args))) continue;
    reach(walk, e, kind, path, given, args[position]!, kind === 'html' ? statedType(walk) : {});
  }
}

/** What is in an answer: rows that are known, and what callers may pass. */
function shown(taint: Taint): Taint {
  const own = everything(taint).filter(
    ({ root, text }) => !text && (root.k === 'source' ? root.label === 'stored' : root.k !== 'api'),
  );
  return { own, fields: undefined };
}

function statesRoot(e: ExprOf<'call'>, args: readonly Taint[]): boolean {
  const options = e.a[1];
  if (args[1] && everything(read(args[1], 'root')).some(({ root }) => root.k === 'source' || root.k === 'param'))
    return false;
  return options?.k === 'obj' && options.props.some(one => one.k !== 'prop' || one.n === 'root');
}

/** Answers that are plain text as long as nobody says otherwise. */
const STATES_TYPE = /^(?:fastify\.|hono\.Context#(?:text|body)$|Response$|next\/server\.)/;

/** Worked out once for a function: it depends on nothing else. */
const contentTypes = bodyMemo<'html' | 'other' | undefined>();

/** Whether what is sent may be read as HTML: Express takes a text for HTML, Fastify for plain text. */
/** Says of a sink that what it sends is stated to be HTML. */
export function statedType({ fn }: Walk): { readonly stated?: true } {
  return contentTypes.get(fn) === 'html' ? { stated: true } : {};
}

export function answersHtml(walk: Walk, path: string): boolean {
  let type = contentTypes.get(walk.fn);
  if (!contentTypes.has(walk.fn)) {
    type = undefined;
    for (const { call } of callsIn(walk.fn)) {
      if (call.f.k !== 'mem' || !/^(?:type|contentType|set|header|setHeader|writeHead|append)$/.test(call.f.n)) {
        if (call.f.k !== 'id' || !/^(?:Response|NextResponse|Headers)$/.test(call.f.n)) continue;
      }
      const [header, stated] = call.a;
      if (header?.k === 'str' && /^content-type$/i.test(header.v) && stated && stated.k !== 'str') type ??= 'other';
      const text = JSON.stringify(call.a.map(arg => (arg.k === 'str' ? arg.v : arg.k === 'obj' ? arg.props : '')));
      if (/text\/html|"html"/.test(text)) type = 'html';
      else if (
        type === undefined &&
        /application\/|text\/(?:plain|csv|xml)|image\/|"(?:json|txt|text|csv|xml)"/.test(text)
      )
        type = 'other';
    }
    contentTypes.set(walk.fn, type);
  }
  return type === 'html' || (type === undefined && !STATES_TYPE.test(path));
}
