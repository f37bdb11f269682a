import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { openWindow, runFromPalette, typeInPalette, until, type Window, webviewFrame } from './window.ts';

/** A text that only the flawed line has; the fix keeps it. */
const FLAW = 'cookie';

describe('the packaged extension', () => {
  let window: Window;

  before(async () => {
    window = await openWindow({ folder: 'test/vscode/fixtures/shop' });
  });
  after(() => window?.close());

  const view = (name: string) => window.page.locator('.pane-header', { hasText: name }).first();

  async function openContainer(): Promise<void> {
    const icon = window.page.locator('.activitybar .action-item', {
      has: window.page.locator('[aria-label^="Underpin"]'),
    });
    await until(() => icon.first().click(), view('Findings'));
  }

  /** Clicks the row: before the list is filtered, Enter would take the file that was open last. */
  async function show(name: string): Promise<void> {
    const { page } = window;
    const input = page.locator('.quick-input-widget input');
    await until(() => page.keyboard.press('Control+P'), input);
    await input.fill(name);
    await page.locator('.quick-input-list .monaco-list-row', { hasText: name }).first().click();
    await page.locator('.tab.active', { hasText: name }).waitFor();
  }

  it('underlines the flaw on the smallest useful range', async () => {
    await show('app.ts');
    await window.page.locator('.monaco-editor .squiggly-warning').first().waitFor();
    await window.shot('1-squiggle');
  });

  it('says why on hover, with proof and the next step', async () => {
    const { page } = window;
    const hover = (word: string, part: string) =>
      until(
        async () => {
          await page.mouse.move(5, 5);
          await page.locator('.view-line span', { hasText: word }).last().hover();
        },
        page.locator('.monaco-hover', { hasText: part }),
      );
    await hover(FLAW, 'Next step');
    await window.shot('2-hover');
    await page.keyboard.press('Escape');
    await show('orders.ts');
    await page.locator('.monaco-editor .squiggly-error').first().waitFor();
    await hover('delete', 'Proof');
    await window.shot('2-hover-proof');
    await page.keyboard.press('Escape');
    await show('app.ts');
  });

  it('offers the checked fix under the bulb, applies it and saves', async () => {
    const { page } = window;
    await page.locator('.view-line span', { hasText: FLAW }).last().click();
    const actions = page.locator('.action-widget .monaco-list-row.action');
    await until(() => page.keyboard.press('Control+.'), actions.filter({ hasText: 'Suppress' }));
    await window.shot('3-bulb');
    await actions.first().click();
    await page.locator('.monaco-editor .view-lines', { hasText: 'httpOnly' }).waitFor();
    await page.locator('.monaco-editor .squiggly-warning').first().waitFor({ state: 'detached' });
    await page.keyboard.press('Control+s');
    const saved = () => fs.readFileSync(path.join(window.workspace, 'src/app.ts'), 'utf8');
    for (let tries = 0; !saved().includes('httpOnly'); tries++) {
      assert.ok(tries < 100, 'the fix was saved');
      await page.waitForTimeout(50);
    }
    await window.shot('4-fixed');
    await page.keyboard.press('Control+z');
    await page.locator('.monaco-editor .squiggly-warning').first().waitFor();
    await page.keyboard.press('Control+s');
  });

  it('shows findings and routes as trees', async () => {
    const { page } = window;
    await openContainer();
    const finding = page.locator('.monaco-list-row', { hasText: /cookie/i }).first();
    await finding.waitFor();
    await page.locator('.monaco-list-row', { hasText: 'POST /login' }).first().waitFor();
    await window.shot('5-trees');
    await finding.click();
    await page.locator('.tab.active', { hasText: 'app.ts' }).waitFor();
  });

  it('opens a trend with its evidence and goes to the code', async () => {
    const { page } = window;
    await openContainer();
    const frame = webviewFrame(window);
    const heading = frame.locator('button.heading', { hasText: /security/i }).first();
    await heading.waitFor();
    await window.shot('6-trends');
    await heading.focus();
    await page.keyboard.press('Enter');
    await frame.locator('.body').first().waitFor();
    assert.equal(await heading.getAttribute('aria-expanded'), 'true');
    await window.shot('7-trend-open');
    await page.keyboard.press('ArrowDown');
    assert.equal(await frame.locator('button.heading:focus').count(), 1, 'arrow keys move between headings');
    const place = frame.locator('button.place').first();
    const [file = ''] = ((await place.textContent()) ?? '').split(':');
    await place.click();
    await page.locator('.tab.active', { hasText: path.posix.basename(file) }).waitFor();
  });

  it('keeps the opened trend when the view is hidden and shown again', async () => {
    const { page } = window;
    await page
      .locator('.activitybar .action-item', { has: page.locator('[aria-label^="Explorer"]') })
      .first()
      .click();
    await openContainer();
    await webviewFrame(window).locator('.body').first().waitFor();
  });

  it('lists its commands in the palette', async () => {
    const { page } = window;
    for (const title of [
      'Scan Workspace',
      'Show Backend Trends',
      'Explain Finding',
      'Suppress with Reason',
      'Export Report',
    ]) {
      const rows = await typeInPalette(window, `>Underpin: ${title}`);
      await rows.filter({ hasText: title }).first().waitFor();
    }
    await (await typeInPalette(window, '>Underpin: ')).filter({ hasText: 'Underpin' }).first().waitFor();
    await window.shot('8-palette');
    await page.keyboard.press('Escape');
    await runFromPalette(window, 'Underpin: Show Timings');
    await page.locator('.tab', { hasText: 'timings' }).first().waitFor();
    await page.waitForTimeout(1500);
    await window.shot('9-timings');
    await runFromPalette(window, 'View: Close All Editors');
  });

  it('explains a finding from the editor', async () => {
    await show('app.ts');
    await window.page.locator('.view-line span', { hasText: FLAW }).last().click();
    await runFromPalette(window, 'Underpin: Explain Finding');
    await window.page.locator('.tab', { hasText: 'session-cookie-flags' }).first().waitFor();
    await window.page.waitForTimeout(1000);
    await window.shot('10-explain');
    const shown = window.page.frameLocator('iframe.webview.ready').last().frameLocator('#active-frame');
    await shown.locator('a', { hasText: 'src/app.ts:' }).first().click();
    await window.page.locator('.tab.active', { hasText: 'app.ts' }).waitFor();
    await runFromPalette(window, 'View: Close All Editors');
  });

  for (const [name, theme] of [
    ['light', 'Default Light Modern'],
    ['dark', 'Default Dark Modern'],
    ['high-contrast', 'Default High Contrast'],
  ] as const) {
    it(`draws the trends in ${name}`, async () => {
      const { page, workspace } = window;
      fs.mkdirSync(path.join(workspace, '.vscode'), { recursive: true });
      fs.writeFileSync(
        path.join(workspace, '.vscode/settings.json'),
        JSON.stringify({ 'workbench.colorTheme': theme }),
      );
      await page.locator('.tab').first().waitFor({ state: 'detached' });
      const kind = { light: 'vscode-light', dark: 'vscode-dark', 'high-contrast': 'vscode-high-contrast' }[name];
      await openContainer();
      await webviewFrame(window).locator(`body.${kind}`).waitFor();
      await page.waitForTimeout(300);
      await window.shot(`trends-${name}`);
    });
  }
});
