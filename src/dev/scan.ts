import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { ensureBuilt } from './fresh.ts';
import { dist } from './paths.ts';

await ensureBuilt();
const { status } = spawnSync(process.execPath, [path.join(dist, 'cli.js'), 'scan', ...process.argv.slice(2)], {
  cwd: process.env['INIT_CWD'] ?? process.cwd(),
  stdio: 'inherit',
});
process.exitCode = status ?? 1;
