import fs from 'node:fs';
import path from 'node:path';
import { bundleExtension, bundleNode, bundleViews } from './bundles.ts';
import { writeKnowledge } from './knowledge-index.ts';
import { dist, root } from './paths.ts';

/** Makes everything in `dist` and the scripts in `media`; `dist/meta.json` tells the tests what went into which file. */
export async function buildAll(): Promise<void> {
  fs.rmSync(dist, { recursive: true, force: true });
  fs.mkdirSync(dist, { recursive: true });
  const [extension, node, views] = await Promise.all([bundleExtension(), bundleNode(), bundleViews()]);
  writeKnowledge(root, dist);
  // Written last: its age is the age of the build.
  fs.writeFileSync(path.join(dist, 'meta.json'), JSON.stringify({ extension, node, views }));
}

if (import.meta.main) {
  await buildAll();
  for (const file of fs.globSync('**/*.{js,cjs,json}', { cwd: dist }).sort()) {
    const size = fs.statSync(path.join(dist, file)).size;
    console.log(`${String(Math.ceil(size / 1024)).padStart(6)} KB  dist/${file}`);
  }
}
