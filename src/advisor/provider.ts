import { AdvisorError } from './advisor-error.ts';

/**
 * What the advisor needs from a language model. Two kinds exist: an OpenAI-compatible endpoint (`openai.ts`) and the
 * chat models an editor offers; the latter have no system role and no structured output, so both are wishes, not duties.
 */
export interface ModelProvider {
  /** Kind of provider, for example `openai`. */
  readonly id: string;
  /** For people: model and place. */
  readonly label: string;
  /** Where prompts go; consent is given per destination. */
  readonly destination: string;
  /** Tokens the model reads at most, where known. */
  readonly maxInputTokens?: number;
  listModels(signal?: AbortSignal): Promise<readonly ModelInfo[]>;
  /** Rejects with `AdvisorError` only. */
  complete(request: ModelRequest, options?: CompleteOptions): Promise<ModelAnswer>;
  countTokens?(text: string, signal?: AbortSignal): Promise<number>;
}

export interface ModelInfo {
  readonly id: string;
  readonly label: string;
}

export interface ModelMessage {
  readonly role: 'system' | 'user' | 'assistant';
  readonly text: string;
}

export interface ModelRequest {
  readonly messages: readonly ModelMessage[];
  /** JSON schema the answer should follow; a provider that cannot ask for it leaves it out, the prompt says it too. */
  readonly schema?: Readonly<Record<string, unknown>>;
  /** Upper bound on the answer's length. */
  readonly maxOutputTokens: number;
}

export interface CompleteOptions {
  readonly signal?: AbortSignal;
  /** Called with each piece of the answer as it arrives. */
  readonly onToken?: (text: string) => void;
}

export interface ModelAnswer {
  readonly text: string;
  /** `length`: the answer was cut at the limit; `unknown`: the stream ended without saying why. */
  readonly finish: 'stop' | 'length' | 'unknown';
}

/**
 * Translates the `code` of an editor's language model error.
 * Codes: https://code.visualstudio.com/api/references/vscode-api#LanguageModelError
 */
export function fromLanguageModelCode(code: string, model: string): AdvisorError {
  switch (code) {
    case 'NoPermissions':
      return new AdvisorError('unauthorized', `The editor does not let Underpin use ${model}: allow it and try again.`);
    case 'Blocked':
      return new AdvisorError('rate-limited', `${model} is blocked for now, most likely its quota is used up.`);
    case 'NotFound':
      return new AdvisorError('model-not-found', `The editor no longer offers ${model}: select another model.`, {
        wrong: 'model',
      });
    default:
      return new AdvisorError('server-error', `${model} could not answer.`);
  }
}
