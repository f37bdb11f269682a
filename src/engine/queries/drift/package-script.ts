import type { PackageInfo } from '../../link/project.ts';
import type { FirstProcess } from '../container-command.ts';
import { lastCommand } from '../container-command.ts';

const MANAGERS = new Set(['npm', 'yarn', 'pnpm', 'npx', 'bunx', 'pnpx', 'turbo', 'nx', 'lerna', 'corepack', 'bun']);
const OWN_COMMANDS = new Set(['install', 'ci', 'exec', 'dlx', 'x', 'node', 'workspace', 'workspaces', 'add', 'create']);

/** Package managers that run something as their child: which one, and the script if it is just that. */
export interface ManagerCall {
  readonly manager: string;
  readonly script: string | undefined;
}

export function managerCall(words: readonly string[]): ManagerCall | undefined {
  const [program = '', ...rest] = words;
  const manager = program.slice(program.lastIndexOf('/') + 1);
  if (!MANAGERS.has(manager)) return undefined;
  const [first, second] = rest;
  if (manager === 'bun') {
    // Bun runs a file in its own process; only scripts become children.
    if (first !== 'run' || second === undefined || /\.[cm]?[jt]sx?$/.test(second)) return undefined;
    return { manager: 'bun run', script: rest.length === 2 ? second : undefined };
  }
  if (first === undefined || rest.some(word => word.startsWith('-'))) return { manager, script: undefined };
  if (first === 'run' || first === 'run-script') return { manager, script: rest.length === 2 ? second : undefined };
  const isScript = manager === 'npm' ? first === 'start' : !OWN_COMMANDS.has(first);
  return { manager, script: isScript && rest.length === 1 && /^(?:npm|yarn|pnpm)$/.test(manager) ? first : undefined };
}

/** What a script of package.json runs, if that is one plain `node` command with nothing before or after it. */
export function plainNodeScript(
  owner: PackageInfo,
  script: string,
): { words: readonly string[]; env: readonly (readonly [string, string])[] } | undefined {
  const { scripts } = owner.facts;
  const has = (name: string): boolean => scripts.some(one => one.name.value === name);
  const command = scripts.find(one => one.name.value === script)?.command.value;
  if (command == null || has(`pre${script}`) || has(`post${script}`) || /[$*?~<>&|;`\\]/.test(command))
    return undefined;
  const env: [string, string][] = [];
  let rest = command.trim().replace(/^cross-env\s+/, '');
  for (let match = ASSIGNMENT.exec(rest); match; match = ASSIGNMENT.exec(rest)) {
    env.push([match[1]!, (match[2] ?? match[3] ?? match[4] ?? '').trim()]);
    rest = rest.slice(match[0].length);
  }
  const words = lastCommand(rest)?.words;
  return words?.[0] === 'node' && words.length > 1 ? { words, env } : undefined;
}

const ASSIGNMENT = /^([A-Za-z_]\w*)=(?:"([^"]*)"|'([^']*)'|(\S*))\s+/;

/** Tools for development, by what they do to a signal: `watcher` starts the program as a child, `manager` supervises it. */
export function developmentRunner({ words }: Pick<FirstProcess, 'words'>): 'watcher' | 'manager' | undefined {
  const [program = '', ...rest] = words;
  const name = program.slice(program.lastIndexOf('/') + 1);
  if (name === 'pm2-runtime' || (name === 'pm2' && rest.includes('--no-daemon'))) return 'manager';
  if (name === 'nodemon' || name === 'ts-node-dev' || name === 'tsnd' || name === 'forever') return 'watcher';
  if ((name === 'tsx' || name === 'next' || name === 'nuxt') && (rest[0] === 'watch' || rest[0] === 'dev'))
    return 'watcher';
  return name === 'nest' && rest[0] === 'start' && rest.some(word => word === '--watch' || word === '-w')
    ? 'watcher'
    : undefined;
}
