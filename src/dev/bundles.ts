import fs from 'node:fs';
import path from 'node:path';
import { type BuildOptions, build, type Metafile } from 'esbuild';
import { dist, root } from './paths.ts';

/** The oldest Node the command line and the server claim to run on; VS Code 1.101 brings Node 22. */
const TARGET = 'node20';
const NODE_ENTRIES = ['server', 'cli', 'worker', 'mcp'];

const common: BuildOptions = {
  absWorkingDir: root,
  bundle: true,
  minify: true,
  metafile: true,
  legalComments: 'none',
  logLevel: 'warning',
  // Several packages ship a UMD build as `main`, whose inner `require` no bundler can follow.
  mainFields: ['module', 'main'],
  loader: { '.md': 'text' },
};

/** Modules of packages are CommonJS in part, and TypeScript asks for the names that only CommonJS has. */
const ESM_BANNER = [
  "import { createRequire as __createRequire } from 'node:module';",
  "import { fileURLToPath as __toPath } from 'node:url';",
  'const require = __createRequire(import.meta.url);',
  'const __filename = __toPath(import.meta.url);',
  "const __dirname = __toPath(new URL('.', import.meta.url));",
].join('');

/** Server, command line and worker: ES modules which share their code in chunks, so ts-morph is there once. */
export async function bundleNode(): Promise<Metafile | undefined> {
  const entries = NODE_ENTRIES.map(name => `src/${name}.ts`).filter(exists);
  if (entries.length === 0) return undefined;
  const { metafile } = await build({
    ...common,
    entryPoints: entries,
    outdir: dist,
    platform: 'node',
    target: TARGET,
    format: 'esm',
    splitting: true,
    chunkNames: 'chunks/[name]-[hash]',
    banner: { js: ESM_BANNER },
    metafile: true,
  });
  const cli = path.join(dist, 'cli.js');
  if (fs.existsSync(cli)) {
    const text = fs.readFileSync(cli, 'utf8');
    if (!text.startsWith('#!')) fs.writeFileSync(cli, `#!/usr/bin/env node\n${text}`);
    fs.chmodSync(cli, 0o755);
  }
  return metafile;
}

/** The part inside the extension host. */
export async function bundleExtension(): Promise<Metafile | undefined> {
  if (!exists('src/extension.ts')) return undefined;
  const { metafile } = await build({
    ...common,
    entryPoints: ['src/extension.ts'],
    outfile: path.join(dist, 'extension.cjs'),
    platform: 'node',
    target: TARGET,
    format: 'cjs',
    external: ['vscode'],
    metafile: true,
  });
  return metafile;
}

/** Scripts of web views: `src/vscode/views/trends.webview.tsx` becomes `media/trends.js`. */
export async function bundleViews(): Promise<Metafile | undefined> {
  const entries = fs.globSync('src/vscode/views/**/*.webview.{ts,tsx}', { cwd: root });
  if (entries.length === 0) return undefined;
  const { metafile } = await build({
    ...common,
    entryPoints: entries.map(file => ({ in: file, out: path.basename(file).replace(/\.webview\.tsx?$/, '') })),
    outdir: path.join(root, 'media'),
    platform: 'browser',
    target: 'es2022',
    format: 'iife',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    metafile: true,
  });
  for (const name of ['codicon.css', 'codicon.ttf']) {
    fs.copyFileSync(path.join(root, 'node_modules/@vscode/codicons/dist', name), path.join(root, 'media', name));
  }
  return metafile;
}

function exists(file: string): boolean {
  return fs.existsSync(path.join(root, file));
}
