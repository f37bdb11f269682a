import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { compile, type PageFile } from '../knowledge/compile.ts';

/** All pages below `<root>/knowledge`, with POSIX paths relative to `root`, sorted. */
export function readPages(root: string): readonly PageFile[] {
  return readdirSync(join(root, 'knowledge'), { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.md'))
    .map(name => `knowledge/${name.replaceAll('\\', '/')}`)
    .sort()
    .map(path => ({ path, text: readFileSync(join(root, path), 'utf8').replace(/\r\n/g, '\n') }));
}

/** Compiles the pages of `root` into `output` (`dist/knowledge.json`). Throws, naming each, if a page has problems. */
export function writeKnowledgeIndex(root: string, output: string): void {
  const { index, problems } = compile(readPages(root));
  if (problems.length > 0) throw new Error(`Knowledge pages with problems:\n${problems.join('\n')}`);
  mkdirSync(dirname(output), { recursive: true });
  writeFileSync(output, JSON.stringify(index));
}
