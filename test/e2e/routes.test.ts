import fs from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { openWindow, runFromPalette, until, type Window } from './window.ts';

describe('the Routes view', () => {
  let window: Window;

  before(async () => {
    window = await openWindow({ folder: 'test/projects/express-shop' });
  });
  after(() => window?.close());

  const row = (text: string | RegExp) => window.page.locator('.monaco-list-row', { hasText: text }).first();

  it('lists routes by file, read out with their verdicts', async () => {
    const { page } = window;
    await runFromPalette(window, 'Underpin: Show Routes');
    await page.locator('.pane-header', { hasText: 'Routes' }).first().waitFor();
    // The other views give their room to the one that is looked at.
    for (const name of ['Trends', 'Findings']) {
      const header = page.locator('.pane-header', { hasText: name }).first();
      if ((await header.getAttribute('aria-expanded')) === 'true') await header.click();
    }
    await row('POST /api/v1/products').waitFor();
    await page.locator('.monaco-list-row[aria-label*="DELETE /api/v1/products/:id, open"]').first().waitFor();
    await window.shot('routes-1');
  });

  it('opens the proof with the keyboard', async () => {
    const { page } = window;
    await row('POST /api/v1/products').click();
    const list = page.locator('.pane-body .monaco-list', { has: page.locator('[aria-label*="/api/v1/products"]') });
    await list.first().focus();
    await until(
      () => page.keyboard.press('ArrowRight'),
      page.locator('.monaco-list-row[aria-label^="Authentication: yes"]'),
    );
    await page.keyboard.press('ArrowDown');
    await until(() => page.keyboard.press('ArrowRight'), row('requireAuth checks who is calling'));
    await window.shot('routes-2-proof');
  });

  it('filters to what is open, in a dark theme too', async () => {
    const { page } = window;
    const folder = path.join(window.workspace, '.vscode');
    fs.mkdirSync(folder, { recursive: true });
    fs.writeFileSync(path.join(folder, 'settings.json'), '{ "workbench.colorTheme": "Default Dark Modern" }');
    await page.locator('.monaco-workbench.vs-dark').waitFor();
    await window.shot('routes-3-dark');
    await runFromPalette(window, 'Underpin: Filter Routes');
    await page.locator('.quick-input-list .monaco-list-row', { hasText: 'Open' }).first().click();
    await page.keyboard.press('Enter');
    await page.locator('.message', { hasText: '1 of 14 routes: open.' }).first().waitFor();
    // The message stands before the tree is drawn anew.
    const guarded = page.locator('.monaco-list-row[aria-label*="/api/v1/"][aria-label*=", protected"]');
    await guarded.first().waitFor({ state: 'detached' });
    await window.shot('routes-4-filtered');
  });

  it('shows the proof as a page', async () => {
    await row('DELETE /api/v1/products/:id').click();
    await runFromPalette(window, 'Underpin: Show Proof of Route');
    await window.page.locator('.tab', { hasText: 'Route: DELETE' }).first().waitFor();
    const preview = window.page.frameLocator('iframe.webview.ready').frameLocator('#active-frame');
    await preview.locator('h2', { hasText: 'On the way to the handler' }).last().waitFor();
    await window.shot('routes-5-page');
  });
});
