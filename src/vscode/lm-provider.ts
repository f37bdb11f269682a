import * as vscode from 'vscode';
import type { LmMessage, LmModel } from '../lsp/protocol.ts';
import type { Client } from './client.ts';

/** Lets the advisor, which lives in the server, use the chat models that VS Code offers. */
export function serveLanguageModels(client: Client): void {
  client.onRequest('underpin/lm/models', async () => listModels());

  client.onRequest('underpin/lm', async ({ id, model, messages }, token) => {
    if (!vscode.workspace.isTrusted) return { code: 'NoPermissions' };
    const chosen = await findModel(model);
    if (!chosen) return { code: 'NotFound' };
    try {
      const options = { justification: 'Underpin drafts a change for the finding you chose.' };
      const response = await chosen.sendRequest(messages.map(toMessage), options, token);
      let text = '';
      for await (const piece of response.text) {
        text += piece;
        client.notify('underpin/lm/chunk', { id, text: piece });
      }
      return { text };
    } catch (error) {
      if (token.isCancellationRequested || error instanceof vscode.CancellationError) return { code: 'Cancelled' };
      return { code: error instanceof vscode.LanguageModelError ? error.code : 'Unknown' };
    }
  });
}

export async function listModels(): Promise<readonly LmModel[]> {
  const models = await vscode.lm.selectChatModels();
  return models.map(({ vendor, id, name, maxInputTokens }) => ({ id: `${vendor}/${id}`, label: name, maxInputTokens }));
}

/** The model named `vendor/id`; any model if no name is given. */
async function findModel(name: string): Promise<vscode.LanguageModelChat | undefined> {
  const slash = name.indexOf('/');
  const models = await vscode.lm.selectChatModels(
    slash < 0 ? {} : { vendor: name.slice(0, slash), id: name.slice(slash + 1) },
  );
  return models[0];
}

/** The API has no system role; what it would say goes first as the user's words. */
function toMessage({ role, text }: LmMessage): vscode.LanguageModelChatMessage {
  return role === 'assistant'
    ? vscode.LanguageModelChatMessage.Assistant(text)
    : vscode.LanguageModelChatMessage.User(text);
}
