import type { Model } from '../../link/model.ts';
import type { Operation } from '../../link/operations.ts';

/** A call of a language model in the way of a request, without a limit on what it may write. */
export interface OpenGeneration {
  readonly operation: Operation;
  /** The option that would set one. */
  readonly option: string;
}

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
    return known[2].some(name => options.props.has(name)) ? [] : [{ operation, option: known[1] }];
  });
}
