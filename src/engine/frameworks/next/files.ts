import type { Program } from '../../link/program.ts';

/** What a file of a Next.js application is to its router. */
export interface NextFile {
  readonly kind: 'route' | 'page-api' | 'middleware';
  /** Folder of the application: what holds `app`, `pages` or `src`. */
  readonly root: string;
  /** Path with parameters as `:id` and catch-alls as `*rest`. */
  readonly path: string;
  readonly file: string;
}

const ROUTE = /^(?:src\/)?app\/(?:(.*)\/)?route\.[cm]?[jt]sx?$/;
const PAGE_API = /^(?:src\/)?pages\/(api(?:\/.*)?)\.[cm]?[jt]sx?$/;
const MIDDLEWARE = /^(?:src\/)?(?:middleware|proxy)\.[cm]?[jt]s$/;
const INTERESTING = /(?:^|\/)(?:route|middleware|proxy)\.[cm]?[jt]sx?$|(?:^|\/)pages\/api(?:\/|\.)/;

/** The files that Next.js routes by their names, in path order. */
export function nextFiles(program: Program): NextFile[] {
  const out: NextFile[] = [];
  let used: boolean | undefined;
  for (const file of program.units.keys()) {
    if (!INTERESTING.test(file) || file.endsWith('.d.ts')) continue;
    const info = program.project.packageOf(file);
    // Without a manifest only the code itself can say which framework names the file.
    if (!info) used ??= [...program.units.values()].some(({ facts }) => facts.imports.some(isNextImport));
    if (info ? !program.project.dependsOn(file, 'next') : !used) continue;
    const found = read(file, info?.folder ?? '') ?? readNested(program, file);
    if (found) out.push(found);
  }
  return out.sort((a, b) => (a.file < b.file ? -1 : 1));
}

/** The path that a single file answers at, if Next.js routes it by its name. */
export function nextPathOf(program: Program, file: string): string | undefined {
  const found = read(file, program.project.packageOf(file)?.folder ?? '') ?? readNested(program, file);
  return found?.kind === 'middleware' ? undefined : found?.path;
}

function isNextImport({ module }: { readonly module: string }): boolean {
  return module === 'next' || module.startsWith('next/');
}

/** An application in a folder without a manifest of its own. */
function readNested({ project }: Program, file: string): NextFile | undefined {
  for (let at = file.indexOf('/'); at !== -1; at = file.indexOf('/', at + 1)) {
    const folder = file.slice(0, at);
    if (project.extensionsOf(`${folder}/next.config`)) return read(file, folder);
  }
  return undefined;
}

function read(file: string, folder: string): NextFile | undefined {
  const own = folder ? file.slice(folder.length + 1) : file;
  const route = ROUTE.exec(own);
  if (route) return at('route', pathOf(route[1] ?? ''), folder, file);
  const page = PAGE_API.exec(own);
  if (page) return at('page-api', pathOf(page[1]!.replace(/\/index$/, '')), folder, file);
  return MIDDLEWARE.test(own) ? at('middleware', '/', folder, file) : undefined;
}

function at(kind: NextFile['kind'], path: string | undefined, root: string, file: string): NextFile | undefined {
  return path === undefined ? undefined : { kind, root, path, file };
}

/** Folders as a path: groups and slots leave no trace, private folders serve nothing. */
function pathOf(folders: string): string | undefined {
  const out: string[] = [];
  for (const name of folders.split('/')) {
    if (name.startsWith('_')) return undefined;
    if (name === '' || /^\((?!\.)[^)]*\)$/.test(name) || name.startsWith('@')) continue;
    out.push(segment(name.replace(/^(?:\(\.{1,3}\))+/, '')));
  }
  return `/${out.join('/')}`;
}

/** `[id]`, `[...rest]` and `[[...rest]]`; a name keeps only what a parameter may be called. */
function segment(name: string): string {
  const word = (text: string): string => text.replace(/\W/g, '_');
  const optional = /^\[\[\.{3}(.+)\]\]$/.exec(name);
  if (optional) return `*${word(optional[1]!)}`;
  const rest = /^\[\.{3}(.+)\]$/.exec(name);
  if (rest) return `*${word(rest[1]!)}`;
  return name.replace(/%5F/gi, '_').replace(/\[([^\]]+)\]/g, (_, inner: string) => `:${word(inner)}`);
}
