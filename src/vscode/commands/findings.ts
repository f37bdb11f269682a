import * as vscode from 'vscode';
import { plain } from '../../lsp/markdown.ts';
import type { FindingView } from '../../lsp/protocol.ts';
import { applyEdit } from '../convert.ts';
import { linkTo } from '../documents.ts';
import { offerEdit } from '../offer-edit.ts';
import type { Services } from '../services.ts';
import { pickFinding } from './pick.ts';
import { type Argument, type Commands, register } from './register.ts';

/** What can be done about one finding, or about all of its rule. */
export function registerFindingCommands(services: Services): vscode.Disposable {
  const { client, documents } = services;

  async function explain(finding: FindingView): Promise<void> {
    const page = await client.request('underpin/page', { id: finding.ruleId });
    const proof = finding.evidence.map(({ message, ...place }, at) => {
      const label = `${vscode.workspace.asRelativePath(vscode.Uri.parse(place.uri))}:${place.range.start.line + 1}`;
      return `${at + 1}. ${plain(message)} — ${linkTo(place, label)}`;
    });
    const [title, ...text] = (page?.markdown ?? `# ${finding.ruleId}`).split('\n');
    const place = linkTo(finding, `${finding.file}:${finding.range.start.line + 1}`);
    const parts = [
      title,
      `> **${place}** ${plain(finding.message)} Severity ${finding.severity}, confidence ${finding.confidence}.`,
      proof.length > 0 ? `## Proof\n\n${proof.join('\n')}` : '',
      text.join('\n').trim(),
    ];
    await documents.preview(finding.ruleId.replace('/', ': '), parts.filter(Boolean).join('\n\n'));
  }

  async function fixAll(argument: Argument): Promise<boolean> {
    const target = await chooseRule(argument);
    if (!target) return false;
    const fix = await client.request('underpin/fixAll', target);
    if (fix) return target.uri === undefined ? offerEdit(services, fix.title, fix.edit) : applyEdit(fix.edit);
    void vscode.window.setStatusBarMessage(`Underpin: no automatic fix of ${target.ruleId} passed its checks.`, 5000);
    return false;
  }

  /** The rule and, unless the whole workspace is meant, the file. */
  async function chooseRule(argument: Argument): Promise<{ ruleId: string; uri?: string } | undefined> {
    if (typeof argument?.['ruleId'] === 'string' && argument['fingerprint'] === undefined) {
      const { ruleId, uri } = argument;
      return typeof uri === 'string' ? { ruleId, uri } : { ruleId };
    }
    const finding = await pickFinding(services, argument, 'Fix all of which rule?');
    if (!finding) return undefined;
    const inFile = `In ${finding.file}`;
    const scope = await vscode.window.showQuickPick([inFile, 'In the whole workspace'], {
      title: `Fix all of ${finding.ruleId}`,
    });
    if (!scope) return undefined;
    return scope === inFile ? { ruleId: finding.ruleId, uri: finding.uri } : { ruleId: finding.ruleId };
  }

  async function suppress(argument: Argument): Promise<boolean> {
    const finding = await pickFinding(services, argument, 'Suppress which finding?');
    if (!finding) return false;
    const given = argument?.['reason'];
    const reason = typeof given === 'string' ? given : await askReason(finding);
    if (!reason?.trim()) return false;
    const { folder, fingerprint } = finding;
    const edit = await client.request('underpin/suppress', { folder, fingerprint, reason });
    if (!edit)
      throw new Error(`Files like ${finding.file} have no comments; use the baseline or underpin.config.jsonc.`);
    return applyEdit(edit);
  }

  const commands: Commands = {
    async explainFinding(argument) {
      const finding = await pickFinding(services, argument, 'Explain which finding?');
      if (finding) await explain(finding);
    },
    fixAllOfRule: fixAll,
    suppress,
  };
  return register(services, commands);
}

async function askReason(finding: FindingView): Promise<string | undefined> {
  return vscode.window.showInputBox({
    title: `Suppress ${finding.ruleId}`,
    prompt: 'Why is this not a problem here? The reason stays in the code, for the next reader.',
    placeHolder: 'for example: internal tool, reachable through the VPN only',
    validateInput: text => (text.trim() === '' ? 'A reason is needed.' : undefined),
  });
}
