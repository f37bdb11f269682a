import { posix } from 'node:path';
import { folderOf } from '../../../common/path.ts';
import { exportsOf } from '../../link/exports.ts';
import type { Model } from '../../link/model.ts';
import { resolveModule } from '../../link/modules.ts';
import type { Setting } from '../../model/document.ts';
import { isLiteral } from '../../model/document.ts';

/** A function of a deployment file that a Node.js runtime of AWS will look up by file and export. */
export interface NamedHandler {
  readonly path: string;
  readonly name: string;
  readonly handler: Setting & { readonly value: string };
  /** Workspace path of the module without extension, and the export it asks for. */
  readonly module: string;
  readonly exportName: string;
}

/** Folders whose content a build makes. */
const BUILT =
  /(?:^|\/)(?:dist|build|\.build|lib|out|output|bundle|target|\.webpack|\.esbuild|\.aws-sam|\.open-next|\.output|node_modules)(?:\/|$)/;

/** Handlers that can be checked: literal, for Node.js, with their code in the workspace rather than in a build folder. */
export function namedHandlers({ project, isJudged }: Model): readonly NamedHandler[] {
  const out: NamedHandler[] = [];
  const add = (path: string, name: string, handler: Setting | undefined, folder: string): void => {
    if (!handler || !isLiteral(handler) || handler.value === null) return;
    const { value } = handler;
    const slash = value.lastIndexOf('/') + 1;
    const parts = value.slice(slash).split('.');
    const [file, exportName] = parts;
    if (parts.length !== 2 || !file || !exportName || value.startsWith('/')) return;
    const module = posix.join(folder, value.slice(0, slash), file);
    if (!module.startsWith('..') && !BUILT.test(module))
      out.push({ path, name, handler: { ...handler, value }, module, exportName });
  };
  const isNode = (runtime: Setting | undefined): boolean => runtime?.value != null && /^nodejs/.test(runtime.value);
  for (const { path, facts } of project.artefactsOf('serverless')) {
    if (facts.problems.length || facts.provider.name?.value !== 'aws' || !isJudgedFile(path, isJudged)) continue;
    for (const fn of facts.functions)
      if (!fn.image && isNode(fn.runtime ?? facts.provider.runtime))
        add(path, fn.name.value, fn.handler, folderOf(path));
  }
  for (const { path, facts } of project.artefactsOf('sam')) {
    if (facts.problems.length || !isJudgedFile(path, isJudged)) continue;
    for (const fn of facts.functions) {
      const code = fn.codeUri ?? facts.globals.codeUri;
      const bundled = fn.buildMethod !== undefined || fn.entryPoints.length > 0;
      if (
        fn.inlineCode ||
        fn.imageUri ||
        fn.packageType?.value === 'Image' ||
        bundled ||
        !isNode(fn.runtime ?? facts.globals.runtime)
      )
        continue;
      if (code && (!isLiteral(code) || code.value === null || /^s3:|\.zip$/.test(code.value))) continue;
      add(path, fn.id.value, fn.handler ?? facts.globals.handler, posix.join(folderOf(path), code?.value ?? '.'));
    }
  }
  return out;
}

export type HandlerState =
  | { readonly is: 'there' }
  | { readonly is: 'no-file'; readonly similar: string | undefined }
  | { readonly is: 'no-export'; readonly file: string; readonly similar: string | undefined };

export function handlerState({ program, project }: Model, { path, module, exportName }: NamedHandler): HandlerState {
  const target = resolveModule(project, path, `./${posix.relative(folderOf(path), module)}`);
  if (target.k !== 'file') return { is: 'no-file', similar: similarFile(project.sources.keys(), module) };
  const { names, open } = exportsOf(program, target.path);
  if (open || names.has(exportName)) return { is: 'there' };
  const candidates = [...names].filter(name => name !== 'default');
  return {
    is: 'no-export',
    file: target.path,
    similar: nearest(candidates, exportName) ?? (candidates.length === 1 ? candidates[0] : undefined),
  };
}

function isJudgedFile(path: string, isJudged: (path: string) => boolean): boolean {
  return isJudged(path) || /(?:^|\/)(?:serverless|template)\.[cm]?[jt]s$/.test(path);
}

/** A module whose path differs in case or by a letter or two. */
function similarFile(paths: Iterable<string>, module: string): string | undefined {
  const bare = [...paths].flatMap(path => {
    const name = path.replace(/(?:\/index)?\.[cm]?[jt]sx?$/, '');
    return folderOf(name) === folderOf(module) ||
      name.slice(name.lastIndexOf('/') + 1) === module.slice(module.lastIndexOf('/') + 1)
      ? [name]
      : [];
  });
  const sameName = bare.filter(
    name => name.slice(name.lastIndexOf('/') + 1) === module.slice(module.lastIndexOf('/') + 1),
  );
  return (
    nearest(
      bare.filter(name => folderOf(name) === folderOf(module)),
      module,
    ) ?? (sameName.length === 1 ? sameName[0] : undefined)
  );
}

function nearest(names: readonly string[], wanted: string): string | undefined {
  const ranked = names
    .map(name => ({ name, distance: distance(name.toLowerCase(), wanted.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance);
  const [best, second] = ranked;
  const limit = Math.max(1, Math.min(3, wanted.length >> 2));
  return best && best.distance <= limit && best.distance !== second?.distance ? best.name : undefined;
}

/** Levenshtein distance. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    row = next;
  }
  return row[b.length]!;
}
