import fs from 'node:fs';
import path from 'node:path';
import type { BrowserContext, FrameLocator, Locator, Page } from 'playwright-core';
import { ensurePackaged } from '../../src/dev/fresh.ts';
import { out, root } from '../../src/dev/paths.ts';
import { launchBrowser } from '../../test-host/browser.ts';
import {
  exitOnSignals,
  installVsix,
  linkExtension,
  makeFolders,
  prepareHost,
  removeFolder,
  startServer,
  workbenchUrl,
} from '../../test-host/host.ts';

export interface Window {
  readonly page: Page;
  /** The copied folder that is open; tests may look at what was saved there. */
  readonly workspace: string;
  /** Kept as out/shots/<name>.png. */
  shot(name: string): Promise<void>;
  close(): Promise<void>;
}

export interface WindowOptions {
  /** A folder relative to the repository; a copy of it is opened. */
  readonly folder: string;
  /** Folders in it that are opened side by side instead of the whole. */
  readonly roots?: readonly string[];
  /** Nobody vouched for the folder yet. */
  readonly restricted?: boolean;
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Folders of further extensions, relative to the repository. */
  readonly extensions?: readonly string[];
  /** Further arguments of the workbench server, such as `--enable-proposed-api`. */
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** Installs the packaged extension into a fresh VS Code and opens a folder in a browser window. */
export async function openWindow(options: WindowOptions): Promise<Window> {
  const vsix = await ensurePackaged();
  prepareHost();
  exitOnSignals();
  const trust = options.restricted === true;
  const restricted = { 'security.workspace.trust.enabled': true, 'security.workspace.trust.startupPrompt': 'never' };
  const folders = makeFolders({ settings: { ...(trust ? restricted : {}), ...options.settings } });
  process.once('exit', () => removeFolder(folders.root));
  const workspace = path.join(folders.root, path.basename(options.folder));
  fs.cpSync(path.join(root, options.folder), workspace, { recursive: true });
  for (const extension of options.extensions ?? []) linkExtension(folders, path.join(root, extension));
  await installVsix(folders, vsix);
  const server = await startServer(folders, { args: options.args ?? [], env: options.env ?? {}, trust });
  const browser = await launchBrowser();
  const context: BrowserContext = await browser.newContext({ viewport: { width: 1400, height: 900 } });
  const page = await context.newPage();
  const several = path.join(workspace, 'all.code-workspace');
  if (options.roots)
    fs.writeFileSync(several, JSON.stringify({ folders: options.roots.map(name => ({ path: name })) }));
  await page.goto(workbenchUrl(server, options.roots ? { workspace: several } : { folder: workspace }));
  await page.locator('.explorer-folders-view .monaco-list-row').first().waitFor();
  return {
    page,
    workspace,
    async shot(name) {
      fs.mkdirSync(path.join(out, 'shots'), { recursive: true });
      await page.screenshot({ path: path.join(out, 'shots', `${name}.png`) });
    },
    async close() {
      await browser.close();
      await server.stop();
      removeFolder(folders.root);
    },
  };
}

/** Keys get lost while the workbench settles, so the action is repeated until its effect shows. */
export async function until(act: () => Promise<unknown>, effect: Locator, tries = 5): Promise<void> {
  for (let left = tries; ; left--) {
    await act();
    try {
      await effect.first().waitFor({ timeout: 3000 });
      return;
    } catch (error) {
      if (left <= 1) throw error;
    }
  }
}

export async function openFile({ page }: Window, name: string): Promise<void> {
  await until(() => page.keyboard.press('Control+P'), page.locator('.quick-input-widget input'));
  await page.locator('.quick-input-widget input').fill(name);
  await page
    .locator('.quick-input-list .monaco-list-row', { hasText: path.basename(name) })
    .first()
    .waitFor();
  await page.keyboard.press('Enter');
  await page
    .locator('.tab', { hasText: path.basename(name) })
    .first()
    .waitFor();
}

/** Types into the palette; opened again when something that took the focus closed it meanwhile. */
export async function typeInPalette({ page }: Window, text: string): Promise<Locator> {
  const input = page.locator('.quick-input-widget input');
  const type = async (): Promise<void> => {
    if (!(await input.isVisible())) await page.keyboard.press('F1');
    await input.fill(text, { timeout: 3000 }).catch(() => undefined);
  };
  const rows = page.locator('.quick-input-list .monaco-list-row');
  await until(type, rows);
  return rows;
}

export async function runFromPalette(window: Window, title: string): Promise<void> {
  const rows = await typeInPalette(window, `>${title}`);
  await rows.filter({ hasText: title }).first().waitFor();
  await window.page.keyboard.press('Enter');
}

/** The document inside a web view, which the workbench wraps in two frames. */
export function webviewFrame({ page }: Window): FrameLocator {
  return page.frameLocator('iframe.webview.ready').frameLocator('#active-frame');
}
