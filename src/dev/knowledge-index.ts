import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compile, type PageFile } from '../knowledge/compile.ts';
import { pack } from '../knowledge/packed.ts';

/** All pages below `<root>/knowledge`, with POSIX paths relative to `root`, sorted. */
export function readPages(root: string): readonly PageFile[] {
  return readdirSync(join(root, 'knowledge'), { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.md'))
    .map(name => `knowledge/${name.replaceAll('\\', '/')}`)
    .sort()
    .map(path => ({ path, text: readFileSync(join(root, path), 'utf8').replace(/\r\n/g, '\n') }));
}

/**
 * Compiles the pages of `root` into `folder`: `knowledge.json`, which is read at start, and its parts in `knowledge/`.
 * Throws, naming each, if a page has problems.
 */
export function writeKnowledge(root: string, folder: string): void {
  const { index, problems } = compile(readPages(root));
  if (problems.length > 0) throw new Error(`Knowledge pages with problems:\n${problems.join('\n')}`);
  const packed = pack(index);
  mkdirSync(join(folder, 'knowledge'), { recursive: true });
  writeFileSync(join(folder, 'knowledge.json'), JSON.stringify(packed.index));
  for (const [name, part] of packed.parts)
    writeFileSync(join(folder, 'knowledge', `${name}.json`), JSON.stringify(part));
}
