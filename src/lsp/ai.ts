import type { Connection } from 'vscode-languageserver';
import { type Advice, type AdviseProgress, advise } from '../advisor/advise.ts';
import { testConnection, toProblem } from '../advisor/connection.ts';
import { createDenyList } from '../advisor/deny.ts';
import { createOpenAiProvider } from '../advisor/openai.ts';
import type { ModelProvider } from '../advisor/provider.ts';
import type { Finding } from '../engine/model/finding.ts';
import { pageMarkdown } from '../knowledge/answer.ts';
import type { Knowledge } from '../knowledge/knowledge.ts';
import { askClient } from './ask-client.ts';
import type { Folder } from './folder.ts';
import { createLmProvider } from './lm-provider.ts';
import type { AiAnswer, AiSettings, AiTest } from './protocol.ts';

const OPENAI_URL = 'https://api.openai.com/v1';

/** The advisor as the server's requests need it. */
export interface Ai {
  test(settings: AiSettings, signal: AbortSignal): Promise<AiTest>;
  suggest(folder: Folder, finding: Finding, report: (message: string) => void, signal: AbortSignal): Promise<AiAnswer>;
}

/** Keys, consent and the editor's chat models are the client's; each is asked for when it is needed and not kept. */
export function createAi(connection: Connection, knowledge: Knowledge): Ai {
  async function createProvider(settings: AiSettings): Promise<ModelProvider | undefined> {
    if (settings.provider === 'none') return undefined;
    if (settings.provider === 'vscode') return createLmProvider(connection, settings.model);
    const baseUrl = settings.baseUrl || OPENAI_URL;
    const origin = URL.canParse(baseUrl) ? new URL(baseUrl).origin : '';
    const apiKey = await askClient(connection, 'underpin/secret', { origin });
    const totalMs = settings.timeoutSeconds * 1000;
    return createOpenAiProvider({
      baseUrl,
      ...(apiKey ? { apiKey } : {}),
      ...(settings.model ? { model: settings.model } : {}),
      limits: { totalMs, firstTokenMs: totalMs },
    });
  }

  /** Page and recipe of the rule, for the framework that serves the file or, failing that, the folder. */
  async function guidance(folder: Folder, { ruleId, span }: Finding): Promise<{ knowledge?: string; recipe?: string }> {
    const page = knowledge.rule(ruleId);
    const routes = await folder.session.routes();
    const framework = (routes.find(route => route.span.file === span.file) ?? routes[0])?.framework;
    const recipe = framework === undefined ? undefined : knowledge.recipesFor(ruleId, framework)[0];
    return {
      ...(page ? { knowledge: pageMarkdown(page) } : {}),
      ...(recipe ? { recipe: pageMarkdown(recipe) } : {}),
    };
  }

  return {
    async test(settings, signal) {
      try {
        const provider = await createProvider(settings);
        if (!provider)
          return { ok: true, message: 'Without a provider Underpin answers from its knowledge base.', models: [] };
        return await testConnection(provider, settings.model || undefined, signal);
      } catch (thrown) {
        const { message, wrong } = toProblem(thrown);
        return { ok: false, ...(wrong ? { wrong } : {}), message, models: [] };
      }
    },

    async suggest(folder, finding, report, signal) {
      const help = await guidance(folder, finding);
      let provider: ModelProvider | undefined;
      try {
        provider = await createProvider(folder.settings.ai);
      } catch (thrown) {
        return { kind: 'knowledge', text: help.knowledge ?? finding.message, reason: toProblem(thrown).message };
      }
      const advice = await advise({
        finding,
        ...help,
        workspace: folder.session,
        deny: createDenyList(await folder.session.denied()),
        ...(provider ? { provider } : {}),
        consent: {
          // The client remembers where this workspace's prompts may go.
          isGranted: async () => false,
          grant: async () => undefined,
          ask: preview =>
            askClient(connection, 'underpin/consent', { ...preview, redactions: preview.redactions.length }),
        },
        signal,
        onProgress: progress => report(describe(progress)),
      });
      return toAnswer(folder, finding, advice);
    },
  };
}

async function toAnswer(folder: Folder, finding: Finding, advice: Advice): Promise<AiAnswer> {
  if (advice.kind !== 'verified') return advice;
  const title = advice.summary || `Change for ${finding.ruleId}`;
  return { kind: 'change', title, notes: advice.notes, edit: await folder.toEdit(advice.change) };
}

function describe({ stage, repair, received }: AdviseProgress): string {
  const words: Readonly<Record<AdviseProgress['stage'], string>> = {
    reading: 'Reading the code around the finding',
    consent: 'Waiting for your consent',
    asking: 'Asking the model',
    receiving: `Receiving the answer (${received} characters)`,
    checking: 'Checking the draft',
    repairing: 'Asking for a better draft',
  };
  return repair > 0 ? `${words[stage]}, round ${repair + 1}` : words[stage];
}
