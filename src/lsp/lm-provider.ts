import { randomUUID } from 'node:crypto';
import { CancellationTokenSource, type Connection } from 'vscode-languageserver';
import { AdvisorError, cancelled } from '../advisor/advisor-error.ts';
import { fromLanguageModelCode, type ModelProvider } from '../advisor/provider.ts';
import { askClient } from './ask-client.ts';
import type { LmModel, Notifications } from './protocol.ts';

const DESTINATION = 'a language model of the editor';

/** The chat models of the client's editor, reached through the client. `model` is `vendor/id`; empty takes the first one. */
export async function createLmProvider(connection: Connection, model: string): Promise<ModelProvider> {
  const models = await askClient(connection, 'underpin/lm/models', {});
  const chosen: LmModel | undefined = model === '' ? models[0] : models.find(({ id }) => id === model);
  const label = chosen?.label ?? model;
  return {
    id: 'vscode',
    label: `${label} in the editor`,
    destination: chosen ? `${DESTINATION} (${chosen.id})` : DESTINATION,
    ...(chosen ? { maxInputTokens: chosen.maxInputTokens } : {}),
    listModels: async () => models,

    async complete({ messages }, { signal, onToken } = {}) {
      if (!chosen) {
        const message = model
          ? `The editor no longer offers ${model}: select another model.`
          : 'The editor offers no chat model.';
        throw new AdvisorError('no-model', message, { wrong: 'model' });
      }
      const id = randomUUID();
      const source = new CancellationTokenSource();
      const abort = (): void => source.cancel();
      if (signal?.aborted) abort();
      signal?.addEventListener('abort', abort, { once: true });
      const chunks = connection.onNotification('underpin/lm/chunk', (chunk: Notifications['underpin/lm/chunk']) => {
        if (chunk.id === id) onToken?.(chunk.text);
      });
      try {
        const answer = await askClient(connection, 'underpin/lm', { id, model: chosen.id, messages }, source.token);
        if ('text' in answer) return { text: answer.text, finish: 'stop' };
        throw answer.code === 'Cancelled' ? cancelled() : fromLanguageModelCode(answer.code, label);
      } finally {
        chunks.dispose();
        signal?.removeEventListener('abort', abort);
        source.dispose();
      }
    },
  };
}
