import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { APP, FLAW, openFile, reported, setText, until } from './host.ts';

describe('diagnostics', () => {
  it('appear for the workspace, with rule, link and proof', async () => {
    await openFile(APP);
    const [diagnostic] = await until('a diagnostic', () => reported(APP).length > 0 && reported(APP));
    assert.ok(diagnostic);
    assert.equal(diagnostic.source, 'underpin');
    assert.equal(diagnostic.severity, vscode.DiagnosticSeverity.Warning);
    assert.equal(diagnostic.range.start.line, 9);
    assert.ok(diagnostic.range.isSingleLine, 'the smallest useful range');
    assert.ok(
      typeof diagnostic.code === 'object' && diagnostic.code.target.scheme === 'command',
      'a link to the explanation',
    );
    const [open] = await until('a diagnostic of the open route', () => {
      const found = reported('src/orders.ts', 'security/missing-auth');
      return found.length > 0 && found;
    });
    assert.ok((open?.relatedInformation ?? []).length > 0, 'evidence as related places');
  });

  it('follow the text in the editor, saved or not', async () => {
    const editor = await openFile(APP);
    const text = editor.document.getText();
    await until('the diagnostic before the edit', () => reported(APP).length === 1);
    await setText(editor, text.replace(FLAW, '// nothing here any more'));
    await until('no diagnostic after the edit', () => reported(APP).length === 0);
    await setText(editor, `\n\n${text}`);
    await until('the diagnostic, two lines further down', () => reported(APP)[0]?.range.start.line === 11);
    await vscode.commands.executeCommand('workbench.action.files.revert');
    await until('the diagnostic where it was', () => reported(APP)[0]?.range.start.line === 9);
  });

  it('follow files that change on disk and files that go', async () => {
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
    assert.ok(folder);
    const uri = vscode.Uri.joinPath(folder, 'src/second.ts');
    const text = `import express from 'express';\n\nconst app = express();\napp.post('/signin', (req, res) => {\n  const token = String(process.hrtime());\n  ${FLAW}\n  res.end();\n});\n`;
    await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
    await until('a diagnostic of the new file', () => reported('src/second.ts').length === 1);
    await vscode.workspace.fs.delete(uri);
    await until('no diagnostic of the deleted file', () => reported('src/second.ts').length === 0);
  });
});
