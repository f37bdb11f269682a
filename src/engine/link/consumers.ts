import { decoratorPath } from './decorators.ts';
import type { Operation } from './operations.ts';
import type { Program } from './program.ts';
import type { ServerlessHandler } from './serverless.ts';
import { alternatives, type FuncValue } from './values.ts';

/** A function that runs per message, and how the broker learns that the message was dealt with. */
export interface Consumer {
  readonly func: FuncValue;
  readonly broker: string;
  /** `on-return`: when the function returns without an error; `auto`: on delivery; `manual`: by a call. */
  readonly acks: 'auto' | 'manual' | 'on-return';
  readonly operation: Operation | undefined;
}

export function linkConsumers(
  program: Program,
  operations: readonly Operation[],
  handlers: readonly ServerlessHandler[],
): readonly Consumer[] {
  const out: Consumer[] = [];
  for (const operation of operations) {
    for (const one of alternatives(operation.args['callback']?.value ?? { k: 'unknown' })) {
      if (one.k !== 'func') continue;
      const acks = operation.is['acks'] as Consumer['acks'];
      out.push({ func: one, broker: String(operation.is['broker']), acks, operation });
    }
  }
  for (const { func, events } of handlers) {
    if (events.includes('sqs')) out.push({ func, broker: 'sqs', acks: 'on-return', operation: undefined });
  }
  return [...out, ...decorated(program)];
}

function* decorated(program: Program): Iterable<Consumer> {
  for (const unit of program.units.values()) {
    for (const cls of unit.facts.classes) {
      const onClass = (cls.decorators ?? []).map(one =>
        program.adapters.consumer(decoratorPath(program, unit.env, one)),
      );
      for (const member of cls.members) {
        const fn = member.f === undefined ? undefined : unit.facts.functions[member.f];
        if (!fn || member.kind !== 'method') continue;
        const consumer =
          onClass.find(one => one?.method === member.n) ??
          (member.decorators ?? [])
            .map(one => program.adapters.consumer(decoratorPath(program, unit.env, one)))
            .find(one => one !== undefined);
        if (!consumer) continue;
        const of = { k: 'class', file: unit.path, cls, env: unit.env } as const;
        const func: FuncValue = {
          k: 'func',
          file: unit.path,
          fn,
          env: unit.env,
          self: { k: 'instance', of, fields: new Map() },
        };
        yield { func, broker: consumer.broker, acks: consumer.acks, operation: undefined };
      }
    }
  }
}
