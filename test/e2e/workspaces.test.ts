import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { openWindow, runFromPalette, typeInPalette, until, type Window, webviewFrame } from './window.ts';

describe('two folders that nobody vouched for', () => {
  let window: Window;

  before(async () => {
    window = await openWindow({
      folder: 'test/projects',
      roots: ['express-shop', 'nest-service'],
      restricted: true,
      settings: { 'underpin.ai.provider': 'openai' },
    });
  });
  after(() => window?.close());

  it('are both scanned', async () => {
    const { page } = window;
    const header = page.locator('.pane-header', { hasText: 'Findings' }).first();
    const icon = page.locator('.activitybar .action-item', { has: page.locator('[aria-label^="Underpin"]') });
    await until(() => icon.first().click(), header);
    const folders = webviewFrame(window).locator('select');
    await folders.waitFor();
    assert.deepEqual(await folders.locator('option').allTextContents(), ['express-shop', 'nest-service']);
    for (const name of ['Trends', 'Findings']) await page.locator('.pane-header', { hasText: name }).first().click();
    for (const unit of ['express-shop', 'nest-service'])
      await page.locator('.monaco-list-row', { hasText: unit }).first().waitFor();
    await window.shot('11-two-folders');
  });

  it('have no use for a model', async () => {
    const { page } = window;
    await page.locator('.part.banner', { hasText: /restricted mode/i }).waitFor();
    await runFromPalette(window, 'Underpin: Show Timings');
    await page.locator('.tab', { hasText: 'timings' }).first().waitFor();
    for (const title of ['Suggest a Change with AI', 'Select AI Provider', 'Set API Key']) {
      const rows = await typeInPalette(window, `>Underpin: ${title}`);
      assert.equal(await rows.filter({ hasText: title }).count(), 0, title);
    }
    await page.keyboard.press('Escape');
  });
});
