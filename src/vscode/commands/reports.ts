import * as vscode from 'vscode';
import { REPORT_FORMATS, type ReportFormat } from '../../lsp/protocol.ts';
import { fileFolders } from '../capabilities.ts';
import type { Services } from '../services.ts';
import { type Argument, type Commands, register } from './register.ts';

const FORMAT_NAMES: Readonly<Record<ReportFormat, string>> = {
  markdown: 'Markdown, for a pull request or a wiki',
  html: 'HTML, one file for the browser',
  json: 'JSON, for programs',
  sarif: 'SARIF 2.1.0, for code scanning',
  junit: 'JUnit XML, for build servers',
  text: 'Plain text',
};

/** Files and pages made from results, and the server's upkeep. */
export function registerReportCommands(services: Services): vscode.Disposable {
  const { client, documents } = services;

  async function exportReport(argument: Argument): Promise<vscode.Uri | undefined> {
    const format = await chooseFormat(argument);
    if (!format) return undefined;
    const { text, fileName } = await client.request('underpin/report', { format });
    const target = await chooseTarget(argument, fileName);
    if (!target) return undefined;
    await vscode.workspace.fs.writeFile(target, new TextEncoder().encode(text));
    await vscode.commands.executeCommand('vscode.open', target, { preview: true });
    return target;
  }

  const commands: Commands = {
    exportReport,
    async createBaseline() {
      const written = await client.request('underpin/createBaseline', {});
      const entries = written.reduce((sum, each) => sum + each.entries, 0);
      void vscode.window.setStatusBarMessage(
        `Underpin: the baseline holds ${entries} findings; only new ones are shown.`,
        8000,
      );
      return written;
    },
    async showTimings() {
      await documents.preview('Underpin timings', await client.request('underpin/timings', {}));
    },
    restartServer: () => client.restart(),
  };
  return register(services, commands);
}

async function chooseFormat(argument: Argument): Promise<ReportFormat | undefined> {
  const given = REPORT_FORMATS.find(format => format === argument?.['format']);
  if (given) return given;
  const items = REPORT_FORMATS.map(format => ({ label: format, description: FORMAT_NAMES[format], format }));
  return (await vscode.window.showQuickPick(items, { title: 'Export the report as' }))?.format;
}

async function chooseTarget(argument: Argument, fileName: string): Promise<vscode.Uri | undefined> {
  if (argument?.['target'] instanceof vscode.Uri) return argument['target'];
  const [folder] = fileFolders();
  return vscode.window.showSaveDialog(folder ? { defaultUri: vscode.Uri.joinPath(folder.uri, fileName) } : {});
}
