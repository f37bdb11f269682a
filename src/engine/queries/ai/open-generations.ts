import type { Model } from '../../link/model.ts';
import type { Operation } from '../../link/operations.ts';
import type { Value } from '../../link/values.ts';

/** A call of a language model in the way of a request, without a limit on what it may write. */
export interface OpenGeneration {
  readonly operation: Operation;
  /** The option that would set one. */
  readonly option: string;
  /** The model writes for itself before it answers, or is not known not to. */
  readonly thinks: boolean;
}

/** Models that answer at once. */
const ANSWERS_AT_ONCE =
  /^(?:openai\/)?(?:gpt-(?:3\.5|4o|4\.1|4)\b|chatgpt-4o)|^(?:mistral|llama|claude-3-(?:5|haiku|opus|sonnet))/;

/** What ends the answer, by the member that is called; Anthropic insists on one, embeddings write nothing. */
const LIMITS: readonly (readonly [RegExp, string, readonly string[]])[] = [
  [/responses\.(?:create|parse|stream)$/, 'max_output_tokens', ['max_output_tokens']],
  [
    /chat\.completions\.(?:create|parse|stream)$/,
    'max_completion_tokens',
    ['max_completion_tokens', 'max_tokens', 'maxTokens'],
  ],
  [/^ai\.(?:generate|stream)(?:Text|Object)$/, 'maxOutputTokens', ['maxOutputTokens', 'maxTokens']],
];

export function openGenerations(model: Model): OpenGeneration[] {
  return model.operations('llm-call').flatMap(operation => {
    const known = LIMITS.find(([callee]) => callee.test(operation.callee));
    if (!known || !model.reached.get(operation.fn)?.endpoints.length) return [];
    const options = operation.args['options']?.value;
    if (options?.k !== 'object' || options.open) return [];
    return known[2].some(name => options.props.has(name))
      ? []
      : [{ operation, option: known[1], thinks: thinks(options.props.get('model')) }];
  });
}

/** A model is named by a text, or by what a provider makes of one. */
function thinks(model: Value | undefined): boolean {
  const name = model?.k === 'api' ? model.made?.args[0] : model;
  return name?.k !== 'const' || typeof name.v !== 'string' || !ANSWERS_AT_ONCE.test(name.v);
}
