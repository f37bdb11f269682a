import * as vscode from 'vscode';
import type { Notifications, ScanSummary } from '../lsp/protocol.ts';
import { register } from './commands/register.ts';
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
  let stopped: Notifications['underpin/stopped'] | undefined;

  function draw(): void {
    const [progress] = running.values();
    if (client.state === 'failed') {
      item.text = '$(error) Underpin';
      item.tooltip = 'The Underpin server is off. Click to restart it.';
      item.command = 'underpin.restartServer';
    } else if (client.state === 'starting' || progress) {
      const { percentage = 0, message } = progress ?? {};
      item.text = percentage > 0 && percentage < 100 ? `$(sync~spin) Underpin ${percentage}%` : '$(sync~spin) Underpin';
      item.tooltip = progress ? `${message ?? 'Underpin is scanning'}. Click to cancel.` : 'Underpin is starting.';
      item.command = progress ? 'underpin.cancelScan' : 'underpin.findings.focus';
    } else if (stopped) {
      item.text = stopped.reason === 'failed' ? '$(warning) Underpin' : '$(circle-slash) Underpin';
      item.tooltip =
        stopped.reason === 'failed'
          ? `The scan failed: ${stopped.message}. Click to scan again; the log has more.`
          : 'The scan was cancelled. Click to scan again.';
      item.command = 'underpin.scanWorkspace';
    } else {
      const { error = 0, warning = 0 } = summary?.bySeverity ?? {};
      const count = error + warning;
      item.text = count > 0 ? `$(shield) ${count}` : '$(shield)';
      item.tooltip = summary ? tooltip(summary) : 'Underpin';
      item.command = 'underpin.findings.focus';
    }
    if (client.state === 'off') item.hide();
    else item.show();
    void vscode.commands.executeCommand('setContext', 'underpin.scanning', progress !== undefined);
  }

  async function update(): Promise<void> {
    summary = await run(services, 'status', () => client.request('underpin/scan', { fresh: false }), false);
    void vscode.commands.executeCommand('setContext', 'underpin.hasFindings', (summary?.findings ?? 0) > 0);
    if (summary) stopped = undefined;
    if (summary) enter('ready');
    draw();
  }

  async function cancelScan(): Promise<void> {
    for (const token of running.keys()) client.notify('window/workDoneProgress/cancel', { token });
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
  client.onNotification('underpin/stopped', how => {
    stopped = how;
    if (!summary) enter('stopped');
    draw();
  });
  return vscode.Disposable.from(
    item,
    register(services, { cancelScan }),
    client.onDidChangeState(state => {
      if (state === 'failed') enter('failed');
      draw();
    }),
  );
}

function tooltip({ bySeverity, problems }: ScanSummary): string {
  const counts = Object.entries(bySeverity).flatMap(([severity, count]) =>
    count > 0 ? [`${count} ${severity}${count === 1 || severity === 'info' ? '' : 's'}`] : [],
  );
  const found = counts.length > 0 ? `Underpin found: ${counts.join(', ')}` : 'Underpin found nothing to report';
  const incomplete = problems.filter(problem => problem.incomplete).length;
  return incomplete > 0
    ? `${found}\n${incomplete === 1 ? '1 file' : `${incomplete} files`} could not be read completely`
    : found;
}

/** For the welcome texts of the views. */
function enter(phase: 'ready' | 'failed' | 'stopped'): void {
  void vscode.commands.executeCommand('setContext', 'underpin.phase', phase);
}
