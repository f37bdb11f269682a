import fs from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import zlib from 'node:zlib';
import { type Browser, chromium } from 'playwright-core';
import { modules } from './paths.ts';
import { untar } from './untar.ts';

const packed = path.join(modules, '@sparticuz/chromium/bin');
const unpacked = path.join(modules, '.cache/chromium');

interface BrowserFiles {
  readonly executablePath: string;
  readonly env: Readonly<Record<string, string>>;
}

/** A headless Chromium: the one named by CHROME_PATH, else the one that came with the npm package. */
export async function launchBrowser(): Promise<Browser> {
  const { executablePath, env } = await browserFiles();
  return chromium.launch({
    executablePath,
    headless: true,
    env: { ...process.env, ...env } as Record<string, string>,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-dev-shm-usage',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

/** Unpacks the browser on first use; the package holds Brotli files only and its own unpacking wants a newer Node. */
export async function browserFiles(): Promise<BrowserFiles> {
  const chosen = process.env['CHROME_PATH'];
  if (chosen) return { executablePath: chosen, env: {} };
  if (!fs.existsSync(unpacked)) await unpack();
  return {
    executablePath: path.join(unpacked, 'chromium'),
    env: { LD_LIBRARY_PATH: path.join(unpacked, 'lib'), FONTCONFIG_FILE: path.join(unpacked, 'fonts.conf') },
  };
}

async function unpack(): Promise<void> {
  if (!fs.existsSync(packed)) throw new Error('No Chromium for this platform in test-host; set CHROME_PATH to one.');
  // Two runs may start at once, so the finished folder appears in one step.
  const draft = `${unpacked}-${process.pid}`;
  fs.mkdirSync(path.join(draft, 'lib'), { recursive: true });
  fs.mkdirSync(path.join(draft, 'font-cache'));
  await pipeline(
    fs.createReadStream(path.join(packed, 'chromium.br')),
    zlib.createBrotliDecompress({ chunkSize: 1 << 20 }),
    fs.createWriteStream(path.join(draft, 'chromium'), { mode: 0o755 }),
  );
  for (const name of ['al2023', 'swiftshader', 'fonts']) {
    untar(zlib.brotliDecompressSync(fs.readFileSync(path.join(packed, `${name}.tar.br`))), draft);
  }
  fs.writeFileSync(path.join(draft, 'fonts.conf'), fontConfig());
  try {
    fs.renameSync(draft, unpacked);
  } catch (error) {
    if (!fs.existsSync(unpacked)) throw error;
    fs.rmSync(draft, { recursive: true, force: true });
  }
}

/** Without a monospace font the editor would fall back to a proportional one. */
function fontConfig(): string {
  const folders = ['/usr/share/fonts', path.join(unpacked, 'fonts'), path.join(modules, 'dejavu-fonts-ttf/ttf')];
  return [
    '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>',
    ...folders.map(folder => `<dir>${folder}</dir>`),
    `<cachedir>${path.join(unpacked, 'font-cache')}</cachedir></fontconfig>`,
  ].join('\n');
}
