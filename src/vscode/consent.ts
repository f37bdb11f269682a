import * as vscode from 'vscode';
import type { AiPreview } from '../lsp/protocol.ts';
import type { Services } from './services.ts';

const GRANTED = 'underpin.ai.destinations';

/** Asks before the first prompt of a workspace goes to a destination, with the exact text open to read. */
export function serveConsent({ client, context, documents }: Services): void {
  client.onRequest('underpin/consent', async preview => {
    if (!vscode.workspace.isTrusted) return false;
    const granted = context.workspaceState.get<readonly string[]>(GRANTED, []);
    if (granted.includes(preview.destination)) return true;
    const document = await documents.show('What will be sent', describe(preview));
    const send = {
      label: `$(send) Send this text to ${preview.label}`,
      detail: `${summary(preview)} Asked once for this workspace and destination.`,
    };
    const cancel = {
      label: '$(close) Do not send anything',
      detail: 'Underpin answers from its knowledge base instead.',
    };
    const choice = await vscode.window.showQuickPick([send, cancel], {
      title: `Send ${preview.tokens} tokens to ${preview.destination}?`,
      placeHolder: 'The editor shows exactly what would be sent.',
      ignoreFocusOut: true,
    });
    await closeTabs(document.uri);
    if (choice !== send) return false;
    await context.workspaceState.update(GRANTED, [...granted, preview.destination]);
    return true;
  });
}

/** The head of the page is under the question. */
function summary({ files, deniedFiles, redactions }: AiPreview): string {
  const denied = deniedFiles.length > 0 ? ` Left out: ${deniedFiles.join(', ')}.` : '';
  return `From ${files.join(', ') || 'no file'}.${denied} Secrets: ${secrets(redactions)}.`;
}

function secrets(redactions: number): string {
  return redactions === 0 ? 'none found' : `${redactions} replaced by placeholders`;
}

function describe({ text, label, destination, tokens, files, deniedFiles, redactions }: AiPreview): string {
  const lines = [
    `Destination: ${destination}`,
    `Model:       ${label}`,
    `Size:        about ${tokens} tokens`,
    `Files:       ${files.join(', ') || 'none'}`,
    ...(deniedFiles.length > 0 ? [`Left out:    ${deniedFiles.join(', ')} (never sent)`] : []),
    `Secrets:     ${secrets(redactions)}`,
  ];
  return `${lines.join('\n')}\n\n${'-'.repeat(72)}\n\n${text}\n`;
}

async function closeTabs(uri: vscode.Uri): Promise<void> {
  const isOf = ({ input }: vscode.Tab): boolean =>
    input instanceof vscode.TabInputText && input.uri.toString() === uri.toString();
  await vscode.window.tabGroups.close(vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs).filter(isOf));
}
