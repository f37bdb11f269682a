import * as vscode from 'vscode';
import type { AiSettings, AiTest } from '../../lsp/protocol.ts';
import { aiSettings } from '../configuration.ts';
import { originOf } from '../secrets.ts';
import type { Services } from '../services.ts';
import { type Argument, type Commands, register } from './register.ts';

const PROVIDERS = [
  {
    provider: 'vscode' as const,
    label: '$(comment-discussion) A chat model of VS Code',
    detail: 'Whatever VS Code offers: Copilot, your own keys, local models. No key is kept by Underpin.',
  },
  {
    provider: 'openai' as const,
    label: '$(globe) An OpenAI-compatible endpoint',
    detail: 'OpenAI, Azure, vLLM, Ollama, LM Studio … any base URL. The key goes to the secret storage.',
  },
  {
    provider: 'none' as const,
    label: '$(circle-slash) None',
    detail: 'Nothing is ever sent. Underpin answers from its knowledge base and its own fixes.',
  },
];

/** Choosing where drafts come from: provider, address, key, model, and a try before anything is kept. */
export function registerAiProviderCommands(services: Services): vscode.Disposable {
  const { client, secrets } = services;
  const test = (settings: AiSettings): Promise<AiTest> =>
    Promise.resolve(
      vscode.window.withProgress(
        { location: vscode.ProgressLocation.Notification, title: 'Underpin: testing the connection' },
        () => client.request('underpin/ai/test', settings),
      ),
    );

  async function selectProvider(): Promise<AiSettings | undefined> {
    const current = aiSettings();
    const items = PROVIDERS.map(item =>
      item.provider === current.provider ? { ...item, description: 'current' } : item,
    );
    const picked = await vscode.window.showQuickPick(items, { title: 'Underpin: where do drafts come from? (1/4)' });
    if (!picked) return undefined;
    let settings: AiSettings = { ...current, provider: picked.provider };
    if (settings.provider === 'openai') {
      const baseUrl = await askUrl(current.baseUrl);
      if (baseUrl === undefined) return undefined;
      settings = { ...settings, baseUrl };
      if (!(await askKey(settings.baseUrl))) return undefined;
    }
    if (settings.provider !== 'none') {
      const chosen = await chooseModel(settings);
      if (!chosen) return undefined;
      settings = chosen;
    }
    await keep(settings);
    return settings;
  }

  /** Lists the endpoint's models; a failure says what to look at and lets the user type a name all the same. */
  async function chooseModel(settings: AiSettings): Promise<AiSettings | undefined> {
    const { ok, models, message, wrong } = await test({ ...settings, model: '' });
    const title = 'Underpin: which model? (4/4)';
    if (models.length > 0) {
      const items = models.map(({ id, label }) => ({ label, ...(label === id ? {} : { description: id }), id }));
      const picked = await vscode.window.showQuickPick(items, { title, matchOnDescription: true });
      return picked && { ...settings, model: picked.id };
    }
    if (!ok && wrong !== 'model') void vscode.window.showWarningMessage(`Underpin: ${message}`);
    if (settings.provider === 'vscode') {
      void vscode.window.showWarningMessage('Underpin: VS Code offers no chat model at the moment.');
      return undefined;
    }
    const model = await vscode.window.showInputBox({
      title,
      value: settings.model,
      prompt: message,
      placeHolder: 'model name',
    });
    return model === undefined ? undefined : { ...settings, model: model.trim() };
  }

  async function keep(settings: AiSettings): Promise<void> {
    const report = settings.provider === 'none' ? undefined : await test(settings);
    const config = vscode.workspace.getConfiguration('underpin');
    const { Global } = vscode.ConfigurationTarget;
    // The provider last: until it is set nothing is sent anywhere.
    await config.update('ai.baseUrl', settings.baseUrl || undefined, Global);
    await config.update('ai.model', settings.model || undefined, Global);
    await config.update('ai.provider', settings.provider, Global);
    if (!report) return;
    if (report.ok) void vscode.window.showInformationMessage(`Underpin: ${report.message}`);
    else void vscode.window.showWarningMessage(`Underpin: ${report.message}`);
  }

  /** False if the user went away. An empty answer keeps the key there is. */
  async function askKey(baseUrl: string): Promise<boolean> {
    const origin = originOf(baseUrl) ?? '';
    const known = await secrets.get(origin);
    const key = await vscode.window.showInputBox({
      title: `Underpin: API key for ${origin} (3/4)`,
      prompt: known ? 'Leave empty to keep the stored key.' : 'Leave empty for an endpoint that needs none.',
      password: true,
      ignoreFocusOut: true,
    });
    if (key) await secrets.set(origin, key.trim());
    return key !== undefined;
  }

  async function setApiKey(argument: Argument): Promise<boolean> {
    const origin = originOf(aiSettings().baseUrl);
    if (!origin) throw new Error('The setting underpin.ai.baseUrl is not a web address.');
    const given = argument?.['key'];
    const key =
      typeof given === 'string'
        ? given
        : await vscode.window.showInputBox({
            title: `Underpin: API key for ${origin}`,
            prompt: 'Kept in the secret storage and sent to this address only. Empty forgets the stored key.',
            password: true,
            ignoreFocusOut: true,
          });
    if (key === undefined) return false;
    await secrets.set(origin, key.trim());
    return true;
  }

  const commands: Commands = { selectAiProvider: selectProvider, setApiKey };
  return register(services, commands);
}

async function askUrl(current: string): Promise<string | undefined> {
  return vscode.window.showInputBox({
    title: 'Underpin: base URL (2/4)',
    value: current,
    placeHolder: 'https://api.openai.com/v1',
    prompt: 'Leave empty for OpenAI itself; for example http://localhost:11434/v1 for Ollama.',
    ignoreFocusOut: true,
    validateInput: text => (originOf(text.trim()) ? undefined : 'Enter an http or https address.'),
  });
}
