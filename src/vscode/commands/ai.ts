import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import type { AiAnswer, FindingView } from '../../lsp/protocol.ts';
import { aiSettings } from '../configuration.ts';
import { offerEdit } from '../offer-edit.ts';
import type { Services } from '../services.ts';
import { pickFinding } from './pick.ts';
import { register } from './register.ts';

/** A change drafted by a model, shown only after it passed the same checks as every fix. */
export function registerSuggestCommand(services: Services): vscode.Disposable {
  const { client, documents } = services;
  const progress = new Map<string, (message: string) => void>();
  client.onNotification('underpin/ai/progress', given => progress.get(given.progress)?.(given.message));

  async function ask({ folder, fingerprint, ruleId }: FindingView): Promise<AiAnswer> {
    const id = randomUUID();
    const options = {
      location: vscode.ProgressLocation.Notification,
      title: `Underpin: a change for ${ruleId}`,
      cancellable: true,
    };
    return vscode.window.withProgress(options, async (reporter, token) => {
      progress.set(id, message => reporter.report({ message }));
      try {
        return await client.request('underpin/ai/suggest', { folder, fingerprint, progress: id }, token);
      } finally {
        progress.delete(id);
      }
    });
  }

  async function show(finding: FindingView, answer: AiAnswer): Promise<void> {
    switch (answer.kind) {
      case 'change': {
        const done = await offerEdit(services, answer.title, answer.edit);
        const notes = answer.notes ? ` ${answer.notes}` : '';
        if (done) void vscode.window.setStatusBarMessage(`Underpin: ${answer.title}${notes}`, 10_000);
        break;
      }
      case 'advice': {
        const text = `# Advice on ${finding.ruleId}\n\n> Not offered as a change: ${answer.reason}\n\n${answer.text}\n`;
        await documents.show(`Advice on ${finding.ruleId.replace('/', ' ')}`, text);
        break;
      }
      case 'knowledge':
        await documents.preview(finding.ruleId.replace('/', ': '), `> ${answer.reason}\n\n${answer.text}`);
        if (aiSettings().provider !== 'none') offerProvider(vscode.window.showWarningMessage, answer.reason);
        break;
      case 'cancelled':
    }
  }

  return register(services, {
    async suggestChange(argument) {
      const finding = await pickFinding(services, argument, 'Suggest a change for which finding?');
      if (!finding) return undefined;
      if (aiSettings().provider === 'none') {
        const text = 'No AI provider is selected, so Underpin answers from its knowledge base.';
        offerProvider(vscode.window.showInformationMessage, text);
      }
      const answer = await ask(finding);
      await show(finding, answer);
      return answer.kind;
    },
  });
}

type Tell = (message: string, ...items: string[]) => Thenable<string | undefined>;

/** Says why no model was heard, with the way to change that. */
function offerProvider(tell: Tell, reason: string): void {
  void tell(`Underpin: ${reason}`, 'Select AI Provider').then(choice => {
    if (choice) void vscode.commands.executeCommand('underpin.selectAiProvider');
  });
}
