import { AdvisorError, type AdvisorProblem, type WrongSetting } from './advisor-error.ts';
import type { ModelInfo, ModelProvider } from './provider.ts';

export interface ConnectionReport {
  readonly ok: boolean;
  /** Which of URL, key and model to look at. */
  readonly wrong?: WrongSetting;
  readonly message: string;
  readonly models: readonly ModelInfo[];
}

/** Answers "does it work, and if not, what is wrong" without sending any code. */
export async function testConnection(
  provider: ModelProvider,
  model: string | undefined,
  signal?: AbortSignal,
): Promise<ConnectionReport> {
  try {
    const models = await provider.listModels(signal);
    if (model && !models.some(({ id }) => id === model)) {
      return {
        ok: false,
        wrong: 'model',
        message: `${provider.destination} works, but does not offer ${model}.`,
        models,
      };
    }
    if (!model) return { ok: false, wrong: 'model', message: `${provider.destination} works. Select a model.`, models };
    return { ok: true, message: `${provider.destination} works and offers ${model}.`, models };
  } catch (thrown) {
    const { message, wrong } = toProblem(thrown);
    return { ok: false, ...(wrong && { wrong }), message, models: [] };
  }
}

/** Errors that are not ours may quote anything, so only their existence is told. */
export function toProblem(thrown: unknown): AdvisorProblem {
  if (thrown instanceof AdvisorError) return thrown.toJSON();
  return { code: 'server-error', message: 'The model could not be asked.' };
}
