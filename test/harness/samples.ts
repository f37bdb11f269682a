import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isSourcePath } from '../../src/engine/syntax/parse.ts';

const TESTS = join(import.meta.dirname, '..');

export interface SampleSource {
  readonly path: string;
  readonly text: string;
}

/** Every source file of the fixtures and the sample projects, in path order. */
export function sampleSources(): readonly SampleSource[] {
  return ['fixtures', 'projects'].flatMap(folder =>
    readdirSync(join(TESTS, folder), { recursive: true, withFileTypes: true })
      .filter(entry => entry.isFile() && isSourcePath(entry.name))
      .map(entry => join(entry.parentPath, entry.name))
      .sort()
      .map(file => ({
        path: file.slice(TESTS.length + 1).replaceAll('\\', '/'),
        text: readFileSync(file, 'utf8'),
      })),
  );
}

export function projectFolder(name: string): string {
  return join(TESTS, 'projects', name);
}

/** Texts of a sample project by path, as far as they are text. */
export function projectTexts(name: string): Map<string, string> {
  const root = projectFolder(name);
  return new Map(
    readdirSync(root, { recursive: true, withFileTypes: true })
      .filter(entry => entry.isFile())
      .map(entry => join(entry.parentPath, entry.name))
      .sort()
      .map(file => [file.slice(root.length + 1).replaceAll('\\', '/'), readFileSync(file, 'utf8')]),
  );
}
