import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { adapterIndex, configSchemaFile, ruleIndex } from './generators.ts';
import { root } from './paths.ts';
import { readme } from './readme.ts';

/** Makes one file of the repository out of others. */
export interface Generator {
  /** Path of the file it writes, relative to the repository. */
  readonly output: string;
  produce(): string;
}

const generators: readonly Generator[] = [ruleIndex, adapterIndex, configSchemaFile, readme];

/** The generated files whose text is not what the generators give now; writes them unless told only to look. */
export function generate({ write }: { readonly write: boolean }): string[] {
  return generators.flatMap(({ output, produce }) => {
    const file = path.join(root, output);
    const wanted = format(output, produce());
    const present = fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : undefined;
    if (present === wanted) return [];
    if (write) fs.writeFileSync(file, wanted);
    return [output];
  });
}

/** Generated files are checked like written ones, so the formatter has the last word on them. */
function format(file: string, text: string): string {
  if (file.endsWith('.md')) return text;
  const biome = path.join(root, 'node_modules/@biomejs/biome/bin/biome');
  const args = [biome, 'check', '--write', `--stdin-file-path=${file}`];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, input: text, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${file} could not be formatted:\n${stderr}`);
  return stdout;
}

if (import.meta.main) {
  const check = process.argv.includes('--check');
  const changed = generate({ write: !check });
  for (const file of changed) console.log(`${check ? 'out of date' : 'written'}: ${file}`);
  if (check && changed.length > 0) process.exitCode = 1;
}
