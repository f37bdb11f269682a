import { posix } from 'node:path';
import type { Model } from '../link/model.ts';
import { resolveModule } from '../link/modules.ts';
import type { FileFacts } from '../model/facts.ts';
import { type ImportResult, insertImport } from './source-import.ts';

/** Makes a top-level name of one file of the project available in another, where it is exported or imported itself. */
export function importFrom(
  { project }: Model,
  file: string,
  text: string,
  origin: string,
  local: string,
): ImportResult | undefined {
  const facts = project.sources.get(file);
  const there = project.sources.get(origin);
  if (!facts || !there) return undefined;
  if (file === origin) return { local, edits: [] };
  const imported = there.imports.find(one => one.local === local && !one.typeOnly);
  if (imported) {
    const target = resolveModule(project, origin, imported.module);
    if (target.k === 'missing') return undefined;
    const module = target.k === 'file' ? specifierOf(project.sources, file, target.path) : imported.module;
    const name = imported.name === '=' ? 'default' : imported.name;
    return insertImport(file, text, facts, { module, name, local });
  }
  const name = exportedAs(there, local);
  if (name === undefined) return undefined;
  return insertImport(file, text, facts, { module: specifierOf(project.sources, file, origin), name, local });
}

/** The name a file exports one of its own under; 'default' where it is the whole export. */
function exportedAs({ exports }: FileFacts, local: string): string | undefined {
  for (const one of exports) {
    if (one.k === 'local' && !one.typeOnly && one.local === local) return one.name;
    if (one.k !== 'value') continue;
    if (one.e.k === 'id' && one.e.n === local) return 'default';
    if (one.name !== '=' || one.e.k !== 'obj') continue;
    if (one.e.props.some(prop => prop.k === 'prop' && prop.n === local)) return local;
  }
  return undefined;
}

/** A relative specifier, with the extension that the file's own imports, or else the project's, are written with. */
function specifierOf(sources: Model['project']['sources'], from: string, to: string): string {
  const written = [sources.get(from)!, ...sources.values()]
    .flatMap(facts => facts.dependencies)
    .find(one => one.module.startsWith('.') && !one.module.endsWith('.json'));
  const own = written ? posix.extname(written.module) : '.js';
  const stem = posix.relative(posix.dirname(from), to).replace(/\.[cm]?[jt]sx?$/, '');
  const extension = /^\.[cm]?js$/.test(own) ? posix.extname(to).replace(/tsx?$/, 'js') : '';
  const end = /^\.[cm]?ts$/.test(own) ? posix.extname(to) : extension;
  return (stem.startsWith('.') ? stem : `./${stem}`) + end;
}
