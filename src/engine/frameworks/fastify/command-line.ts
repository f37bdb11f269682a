import { posix } from 'node:path';
import { resolveModule } from '../../link/modules.ts';
import type { Program } from '../../link/program.ts';
import { createRouter } from '../../link/router.ts';
import { spanAt } from '../../link/spans.ts';
import { alternatives, constant, type FuncValue, UNKNOWN, type Value } from '../../link/values.ts';

const START = /(?:^|[\s;&|])fastify\s+start\s+([^;&|]*)/g;
const PREFIX = /^(?:-x|--prefix)$/;

/** `fastify start app.js` in a script of a package makes the application and registers the plugin that the file exports. */
export function startPlugins(program: Program): void {
  const seen = new Set<FuncValue['fn']>();
  for (const { folder, facts } of program.project.packages) {
    for (const { command } of facts.scripts) {
      for (const [, line = ''] of (command.value ?? '').matchAll(START)) {
        const words = line.trim().split(/[\s=]+/);
        const at = words.findIndex(word => PREFIX.test(word));
        const prefix = at === -1 ? undefined : words[at + 1];
        for (const func of words.flatMap(word => pluginsAt(program, folder, word))) {
          if (seen.has(func.fn)) continue;
          seen.add(func.fn);
          start(program, func, prefix);
        }
      }
    }
  }
}

/** The plugin of the file that a word names, or of the source it was compiled from. */
function pluginsAt(program: Program, folder: string, word: string): FuncValue[] {
  if (!/\.[cm]?[jt]s$/.test(word)) return [];
  const from = posix.join(folder, 'package.json');
  const own = word.replace(/^\.\//, '');
  const inner = own.replace(/^(?:dist|build|lib|out)\//, '');
  for (const path of [own, `src/${inner}`, inner]) {
    const target = resolveModule(program.project, from, `./${path}`);
    if (target.k !== 'file') continue;
    return alternatives(program.exported(target.path, 'default')).flatMap(one => (one.k === 'func' ? [one] : []));
  }
  return [];
}

function start(program: Program, func: FuncValue, prefix: string | undefined): void {
  const span = spanAt(func.file, func.fn.np);
  const given: Value | undefined = prefix === undefined ? undefined : constant(prefix);
  const app = createRouter('fastify', span, { app: true, order: 'scoped', prefix: given });
  app.notes.set('listens', constant(true));
  program.routers.push(app);
  program.callFunction(func, [{ k: 'router', router: app }, UNKNOWN], func.env);
}
