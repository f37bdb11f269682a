import * as vscode from 'vscode';
import type { FindingView } from '../../lsp/protocol.ts';
import { toRange } from '../convert.ts';
import type { Services } from '../services.ts';
import type { Argument } from './register.ts';

const ICONS: Readonly<Record<FindingView['severity'], string>> = {
  error: 'error',
  warning: 'warning',
  info: 'info',
  hint: 'lightbulb',
};

/** The finding a command is about: the given one, that under the cursor or in its line, else the one the user picks. */
export async function pickFinding(
  { client }: Services,
  argument: Argument,
  title: string,
): Promise<FindingView | undefined> {
  const findings = await client.request('underpin/findings', {});
  const given = (argument?.['finding'] ?? argument) as Partial<FindingView> | undefined;
  if (given?.fingerprint !== undefined) {
    const known = findings.find(each => each.fingerprint === given.fingerprint && each.folder === given.folder);
    if (!known) throw new Error('This finding is gone; scan again.');
    return known;
  }
  const inFile = findings.filter(isInActiveFile);
  const under = inFile.filter(({ range }) => toRange(range).contains(cursor()));
  const here = under.length > 0 ? under : inFile.filter(({ range }) => range.start.line === cursor().line);
  if (here.length === 1) return here[0];
  const choices = here.length > 0 ? here : [...inFile, ...findings.filter(each => !inFile.includes(each))];
  if (choices.length === 0) {
    void vscode.window.setStatusBarMessage('Underpin: there are no findings.', 5000);
    return undefined;
  }
  const items = choices.map(finding => ({
    label: `$(${ICONS[finding.severity]}) ${finding.ruleId}`,
    description: `${finding.file}:${finding.range.start.line + 1}`,
    detail: finding.message,
    finding,
  }));
  const picked = await vscode.window.showQuickPick(items, { title, matchOnDescription: true, matchOnDetail: true });
  return picked?.finding;
}

function isInActiveFile({ uri }: FindingView): boolean {
  return vscode.window.activeTextEditor?.document.uri.toString() === vscode.Uri.parse(uri).toString();
}

function cursor(): vscode.Position {
  return vscode.window.activeTextEditor?.selection.active ?? new vscode.Position(0, 0);
}
