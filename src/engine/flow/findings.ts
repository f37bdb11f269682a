import type { Model } from '../link/model.ts';
import type { Evidence } from '../model/finding.ts';
import type { Span } from '../model/span.ts';
import type { Flow } from './flow.ts';
import type { SinkKind } from './kinds.ts';
import type { Label } from './taint.ts';

/** Everything that reaches one sink, as one finding. */
export interface Reaching {
  /** The one with the shortest way. */
  readonly flow: Flow;
  readonly flows: readonly Flow[];
  /** Where it is reported: the argument. */
  readonly span: Span;
  readonly options: {
    readonly data: { readonly source: string; readonly call: string };
    readonly evidence: readonly Evidence[];
    readonly anchor: string;
    readonly confidence?: 'low';
  };
}

/** Flows of a kind, one entry for each sink, in path order. */
export function reaching(
  model: Model,
  kind: SinkKind,
  label: Label,
  keep: (flow: Flow) => boolean = flow => !flow.isConfined,
): Reaching[] {
  const bySink = new Map<string, Flow[]>();
  for (const flow of model.flows.of(kind)) {
    if (flow.label !== label || !model.isJudged(flow.sink.arg.file) || !keep(flow)) continue;
    const key = placeOf(flow.sink.arg);
    const list = bySink.get(key);
    if (list) list.push(flow);
    else bySink.set(key, [flow]);
  }
  return [...bySink.values()].map(flows => {
    // A part that something checked before says less than one that nothing checked.
    const flow = flows.reduce((a, b) => (rank(b) < rank(a) ? b : a));
    const others = new Map(
      flows.filter(one => one.source.text !== flow.source.text).map(one => [one.source.text, one]),
    );
    return {
      flow,
      flows,
      span: flow.sink.arg,
      options: {
        data: {
          source: `\`${flow.source.text}\``,
          call: flow.sink.callee,
        },
        evidence: [
          ...flow.steps,
          ...[...others]
            .slice(0, 4)
            .map(([text, { source }]) => ({ span: source.span, message: `\`${text}\` gets there too` })),
        ],
        anchor: `${flow.sink.callee} ${flow.source.text}`,
        ...(flows.every(one => one.isChecked) ? { confidence: 'low' as const } : {}),
      },
    };
  });
}

/** Sinks that only values of a library's users reach, where no request does. */
export function reachedByUsers(model: Model, kind: SinkKind): Reaching[] {
  const others = new Set(
    ['remote' as const, 'model' as const].flatMap(label =>
      reaching(model, kind, label).map(({ span }) => placeOf(span)),
    ),
  );
  return reaching(model, kind, 'caller').filter(({ span }) => !others.has(placeOf(span)));
}

function placeOf({ file, start, end }: Span): string {
  return `${file}:${start}:${end}`;
}

function rank({ steps, isChecked }: Flow): number {
  return steps.length + (isChecked ? 100 : 0);
}
