import type { Program } from '../../link/program.ts';

/** What a file below a server's folder is to it. */
export interface NitroFile {
  readonly kind: 'route' | 'middleware';
  /** The folder that holds `api`, `routes` and `middleware`. */
  readonly root: string;
  readonly file: string;
  /** Upper case; ALL without a suffix. */
  readonly method: string;
  readonly path: string;
}

const INTERESTING = /(?:^|\/)(?:api|routes|middleware)\/.+\.[cm]?[jt]sx?$/;
const PLACE = /^(api|routes|middleware)\/(.+)\.[cm]?[jt]sx?$/;
const SUFFIX = /(?:\.(connect|delete|get|head|options|patch|post|put|trace))?(?:\.(dev|prod|prerender))?$/;
const SERVERS = ['nuxt', 'nitropack', 'nitro', '@nuxt/kit'];

/** Files that are routed by their names, middleware first and each kind in path order. */
export function nitroFiles(program: Program): NitroFile[] {
  const out: NitroFile[] = [];
  let used: boolean | undefined;
  for (const file of program.units.keys()) {
    if (!INTERESTING.test(file) || file.endsWith('.d.ts')) continue;
    const info = program.project.packageOf(file);
    // Without a manifest only the code itself can say which framework names the file.
    if (!info) used ??= [...program.units.values()].some(({ facts }) => facts.imports.some(isServerImport));
    const serves = info ? SERVERS.some(name => program.project.dependsOn(file, name)) : used;
    const found = serves ? read(program, file, info?.folder ?? '') : undefined;
    if (found) out.push(found);
  }
  const rank = (one: NitroFile): string => `${one.kind === 'middleware' ? 0 : 1}${one.file}`;
  return out.sort((a, b) => (rank(a) < rank(b) ? -1 : 1));
}

function isServerImport({ module }: { readonly module: string }): boolean {
  return /^(?:h3|nitro|nitropack|nuxt|#imports|#nitro)(?:\/|$)/.test(module);
}

function read(program: Program, file: string, folder: string): NitroFile | undefined {
  const own = folder ? file.slice(folder.length + 1) : file;
  // The nearest folder called `server`, or the package itself where nothing is called so.
  const server = /^(?:.*?\/)?server\//.exec(own)?.[0];
  if (server === undefined && program.project.dependsOn(file, 'nuxt')) return undefined;
  const [, kind, local] = PLACE.exec(server ? own.slice(server.length) : own) ?? [];
  if (!kind || !local) return undefined;
  const root = [folder, server?.slice(0, -1)].filter(Boolean).join('/');
  if (kind === 'middleware') return { kind, root, file, method: 'ALL', path: '/' };
  const suffix = SUFFIX.exec(local)!;
  if (suffix[2] === 'dev' || suffix[2] === 'prerender') return undefined;
  const path = pathOf(local.slice(0, suffix.index));
  const method = suffix[1]?.toUpperCase() ?? 'ALL';
  return { kind: 'route', root, file, method, path: kind === 'api' ? `/api${path}` : path };
}

/** `(group)/users/[id]`, `[...slug]` and `index`. */
function pathOf(local: string): string {
  const word = (text: string): string => text.replace(/\W/g, '_');
  const parts = local
    .split('/')
    .filter(part => !/^\([^)]*\)$/.test(part))
    .map(part =>
      part
        .replace(/\[\.{3}([^\]]*)\]/g, (_, name: string) => `*${word(name) || 'path'}`)
        .replace(/\[\[?([^\]]+)\]\]?/g, (_, name: string) => `:${word(name)}`),
    );
  if (parts.at(-1) === 'index') parts.pop();
  return `/${parts.join('/')}`;
}
