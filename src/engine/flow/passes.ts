import { evaluate } from '../link/evaluate.ts';
import { stringOf } from '../link/values.ts';
import type { ExprOf } from '../model/facts.ts';
import { numberOf, textOrigins } from './expressions.ts';
import { AS_TEXT } from './kinds.ts';
import type { Passes } from './models/calls.ts';
import { ANY, asText, CLEAN, everything, HOLE, joinAll, type Origin, parsedFrom, read, type Taint } from './taint.ts';
import type { Walk } from './walk.ts';

/** What a call keeps of its arguments. */
export function passed({ keeps, args: positions }: Passes, args: readonly Taint[]): Taint {
  const given = positions ? positions.map(position => args[position] ?? CLEAN) : args;
  const whole = joinAll(given);
  switch (keeps) {
    case 'value':
      return whole;
    case 'parsed':
      return { own: parsedFrom(textOrigins(whole)), fields: undefined };
    case 'path':
      return { own: texts(given).own.map((origin): Origin => ({ ...origin, resolved: true })), fields: undefined };
    case 'text':
      return texts(given);
    case 'options':
      return { own: parsedFrom(everything(whole)), fields: undefined };
    case 'page':
      return { own: asText(textOrigins(whole), '<p>', AS_TEXT), fields: undefined };
    case 'number':
      return numberOf(joinAll(given));
    case 'url':
      return {
        own: asText(textOrigins(given[0] ?? CLEAN), '', 0).map(origin => ({ ...origin, parsed: true as const })),
        fields: undefined,
      };
    case 'element':
      return read(whole, ANY);
    case 'keys':
      return { own: [], fields: new Map([[ANY, keysOf(whole)]]) };
    case 'entries': {
      const entry = {
        own: [],
        fields: new Map([
          ['0', keysOf(whole)],
          ['1', read(whole, ANY)],
        ]),
      };
      return { own: [], fields: new Map([[ANY, entry]]) };
    }
    default:
      return { own: [], fields: new Map([[ANY, read(whole, ANY)]]) };
  }
}

/** The names of an untrusted object's properties are untrusted texts; those of an object of ours are not. */
function keysOf(whole: Taint): Taint {
  return { own: asText(whole.own, '', AS_TEXT), fields: undefined };
}

/** A text made of several values: only the first stands at its beginning. */
export function texts(args: readonly Taint[]): Taint {
  return joinAll(
    args.map((arg, position) => ({
      own: asText(position === 0 ? textOrigins(arg) : everything(arg), position === 0 ? '' : '\0', AS_TEXT),
      fields: undefined,
    })),
  );
}

/** `format('<b>%s</b>', name)`: behind the first word of what is said. */
export function formatted(walk: Walk, e: ExprOf<'call'>, args: readonly Taint[]): Taint {
  const said = e.a[0] && stringOf(evaluate(walk.program, walk.env, e.a[0]));
  const before = said?.split('%', 1)[0] || HOLE;
  const values = args.slice(1).map(arg => ({ own: asText(everything(arg), before, AS_TEXT), fields: undefined }));
  return joinAll([texts(args.slice(0, 1)), ...values]);
}
