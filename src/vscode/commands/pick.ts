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

/** The finding a command is about: the given one, that under the cursor, else the one the user picks. */
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
  const here = findings.filter(atCursor);
  if (here.length === 1) return here[0];
  const choices = here.length > 0 ? here : findings;
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

function atCursor({ uri, range }: FindingView): boolean {
  const editor = vscode.window.activeTextEditor;
  if (!editor || editor.document.uri.toString() !== vscode.Uri.parse(uri).toString()) return false;
  return toRange(range).contains(editor.selection.active);
}
