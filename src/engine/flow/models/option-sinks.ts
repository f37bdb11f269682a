import type { OperationKind } from '../../link/operations.ts';
import type { SinkKind } from '../kinds.ts';

/** An option of an operation that is the program's to decide. */
export interface OptionSink {
  readonly kind: SinkKind;
  /** The argument, by its name in the operation. */
  readonly arg: string;
  /** Names that lead to it from there; `*` stands for each element of a list. */
  readonly path: readonly string[];
  /** What it is, for messages and for rules that tell options apart. */
  readonly option: string;
}

const amount = (path: string): OptionSink => ({ kind: 'amount', arg: 'data', path: path.split('.'), option: 'amount' });

const asked = (option: string, ...paths: readonly string[]): readonly OptionSink[] =>
  paths.map(path => ({ kind: 'asked', arg: 'options', path: path.split('.'), option }));

export const OPTION_SINKS: Readonly<Partial<Record<OperationKind, readonly OptionSink[]>>> = {
  'price-set': [
    amount('amount'),
    amount('amount.value'),
    amount('amountMoney.amount'),
    amount('amount_money.amount'),
    amount('unit_amount'),
    amount('line_items.*.amount'),
  ],
  'llm-call': [
    ...asked('instructions', 'system', 'system.*.text', 'instructions', 'systemInstruction', 'preamble'),
    ...asked('instructions', 'config.systemInstruction'),
    { kind: 'asked', arg: 'options', path: [], option: 'everything' },
    ...asked('messages', 'messages', 'messages.*'),
    ...asked('role', 'messages.*.role', 'input.*.role'),
    ...asked('model', 'model'),
    ...asked('tools', 'tools'),
    ...asked('limit', 'max_tokens', 'max_completion_tokens', 'max_output_tokens', 'maxOutputTokens', 'maxTokens'),
  ],
};

/** Lists of messages, and the roles whose text a model takes for the program's own word. */
export const CONVERSATIONS: readonly string[] = ['messages', 'input'];
export const PRIVILEGED: ReadonlySet<string> = new Set(['system', 'developer']);
