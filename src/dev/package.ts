import fs from 'node:fs';
import path from 'node:path';
import { createVSIX } from '@vscode/vsce';
import { buildAll } from './build.ts';
import { out, root, vsix } from './paths.ts';

/** Packs what `.vscodeignore` leaves; everything that runs is bundled, so no package is taken along. */
export async function packageExtension(): Promise<void> {
  fs.mkdirSync(out, { recursive: true });
  await createVSIX({
    cwd: root,
    packagePath: vsix,
    dependencies: false,
    allowMissingRepository: true,
    rewriteRelativeLinks: false,
  });
}

if (import.meta.main) {
  await buildAll();
  await packageExtension();
  const size = fs.statSync(vsix).size;
  console.log(`${path.relative(root, vsix)}: ${(size / 1024 / 1024).toFixed(2)} MB`);
}
