import type { SchemaCommand } from '../../frameworks/adapter.ts';
import { isDeployFile } from '../../link/deploy-files.ts';
import { builtImages } from '../../link/images.ts';
import type { Project } from '../../link/project.ts';
import type { Setting } from '../../model/document.ts';
import type { Span } from '../../model/span.ts';
import { firstProcess } from '../container-command.ts';

/** A schema command that runs when the application is deployed or started. */
export interface DeployedCommand extends SchemaCommand {
  /** The command as written. */
  readonly text: string;
  readonly span: Span;
  /** `the start script`, `the image's command` … */
  readonly where: string;
}

/** Scripts of package.json that platforms and images run by themselves. */
const DEPLOYED =
  /^(?:(?:pre|post)?(?:start(?::prod(?:uction)?)?|install|deploy)|heroku-postbuild|vercel-build|release)$/;
const DEVELOPMENT = /\b(?:nodemon|ts-node-dev|tsx watch|--watch|next dev|vite|concurrently)\b|NODE_ENV=(?:dev|test)/;

export function deployedCommands(project: Project, commands: readonly SchemaCommand[]): readonly DeployedCommand[] {
  const out: DeployedCommand[] = [];
  const look = (file: string, setting: Setting | undefined, where: string): void => {
    if (typeof setting?.value !== 'string' || DEVELOPMENT.test(setting.value)) return;
    for (const command of commands) {
      const text = command.command.exec(setting.value)?.[0].trim();
      if (text) out.push({ ...command, text, where, span: { file, start: setting.start, end: setting.end } });
    }
  };
  for (const { path, facts } of project.packages) {
    if (!isDeployFile(path)) continue;
    for (const { name, command } of facts.scripts)
      if (DEPLOYED.test(name.value)) look(path, command, `the ${name.value} script`);
  }
  for (const image of builtImages(project)) {
    for (const line of [image.stage.entrypoint, image.stage.cmd]) {
      const whole = line?.words.map(word => word.value ?? '?').join(' ');
      for (const word of line?.words ?? []) look(image.path, word, 'the image\u2019s command');
      if (line?.form === 'exec' && whole && !line.words.some(word => word.value?.includes(' ')))
        look(image.path, { value: whole, start: line.start, end: line.end }, 'the image\u2019s command');
    }
    const script = firstProcess(project, image)?.script;
    for (const line of script?.facts.commands ?? []) look(script!.path, line, 'the image\u2019s start script');
  }
  return out;
}
