import * as vscode from 'vscode';
import type { ScanSummary } from '../lsp/protocol.ts';
import type { Services } from './services.ts';
import { run } from './services.ts';

interface Progress {
  readonly message?: string;
  readonly percentage?: number;
}

/** The one status item: what the server is doing, else how much it found. */
export function showStatus(services: Services): vscode.Disposable {
  const { client } = services;
  const item = vscode.window.createStatusBarItem('underpin.status', vscode.StatusBarAlignment.Left);
  item.name = 'Underpin';
  item.command = 'underpin.findings.focus';
  const running = new Map<string | number, Progress>();
  let summary: ScanSummary | undefined;

  function draw(): void {
    const [progress] = running.values();
    if (client.state === 'failed') {
      item.text = '$(error) Underpin';
      item.tooltip = 'The Underpin server is off. Click to restart it.';
      item.command = 'underpin.restartServer';
    } else if (client.state === 'starting' || progress) {
      item.text = progress?.percentage ? `$(sync~spin) Underpin ${progress.percentage}%` : '$(sync~spin) Underpin';
      item.tooltip = progress?.message ?? 'Underpin is starting.';
      item.command = 'underpin.findings.focus';
    } else {
      const { error = 0, warning = 0 } = summary?.bySeverity ?? {};
      const count = error + warning;
      item.text = count > 0 ? `$(shield) ${count}` : '$(shield)';
      item.tooltip = summary ? tooltip(summary) : 'Underpin';
      item.command = 'underpin.findings.focus';
    }
    if (client.state === 'off') item.hide();
    else item.show();
  }

  async function update(): Promise<void> {
    summary = await run(services, 'status', () => client.request('underpin/scan', { fresh: false }), false);
    void vscode.commands.executeCommand('setContext', 'underpin.hasFindings', (summary?.findings ?? 0) > 0);
    if (summary) enter('ready');
    draw();
  }

  client.onStart(connection => {
    running.clear();
    connection.onRequest('window/workDoneProgress/create', () => null);
    connection.onNotification(
      '$/progress',
      ({ token, value }: { token: string; value: Progress & { kind: string } }) => {
        if (value.kind === 'end') running.delete(token);
        else running.set(token, value);
        draw();
      },
    );
  });
  client.onNotification('underpin/changed', () => void update());
  return vscode.Disposable.from(
    item,
    client.onDidChangeState(state => {
      if (state === 'failed') enter('failed');
      draw();
    }),
  );
}

function tooltip({ bySeverity, problems }: ScanSummary): string {
  const counts = Object.entries(bySeverity).flatMap(([severity, count]) => (count > 0 ? [`${count} ${severity}`] : []));
  const found = counts.length > 0 ? `Underpin found: ${counts.join(', ')}` : 'Underpin found nothing to report';
  const incomplete = problems.filter(problem => problem.incomplete).length;
  return incomplete > 0 ? `${found}\n${incomplete} files could not be read completely` : found;
}

/** For the welcome texts of the views. */
function enter(phase: 'ready' | 'failed'): void {
  void vscode.commands.executeCommand('setContext', 'underpin.phase', phase);
}
