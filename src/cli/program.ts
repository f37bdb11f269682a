import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import { BENEFITS, CONFIDENCES, SEVERITIES, TRENDS } from '../engine/model/finding.ts';
import { FORMATS } from '../report/render.ts';
import { type BaselineAction, type BaselineFlags, baseline } from './baseline.ts';
import type { CliDeps, Context } from './context.ts';
import { EXIT, type ExitCode } from './exit.ts';
import { explain } from './explain.ts';
import { type FixFlags, fix } from './fix.ts';
import { init } from './init.ts';
import { openapi } from './openapi.ts';
import { type QueryFlags, rules, trends } from './queries.ts';
import { ROUTE_FORMATS, type RouteFlags, routes } from './routes.ts';
import { type ScanFlags, scan } from './scan.ts';

const EXIT_CODES = `
Exit codes: 0 clean, 1 findings at or above --fail-on, 2 wrong arguments or configuration, 3 incomplete.`;

/** The commands and their flags; `run` receives what the chosen one does. */
export function program(deps: CliDeps, run: (work: (ctx: Context) => Promise<ExitCode>) => Promise<void>): Command {
  const main = new Command('underpin')
    .description('Shows what will break, leak or fail to scale in a TypeScript or JavaScript backend.')
    .version(deps.version)
    .option('--color', 'colours even where the output is no terminal')
    .option('--no-color', 'no colours')
    .addHelpText('after', EXIT_CODES)
    .showHelpAfterError('(--help shows what is possible)');

  const folder = new Argument('[path]', 'folder to scan (default: the current one)');
  const reading = (command: Command): Command =>
    command
      .addArgument(folder)
      .option('-o, --output <file>', 'write to a file instead of stdout')
      .option('--no-cache', 'read everything anew')
      .option('--all-files', 'tests, fixtures and examples count as source too');

  reading(main.command('scan').description('report the findings of a folder'))
    .addOption(new Option('-f, --format <format>', 'form of the report').choices(FORMATS).default('text'))
    .addOption(
      new Option('--fail-on <severity>', 'exit code 1 from this severity on (default: error)').choices([
        ...SEVERITIES,
        'never',
      ]),
    )
    .addOption(
      new Option('--min-confidence <confidence>', 'leave out what is less sure (default: medium)').choices(CONFIDENCES),
    )
    .option('--rule <id>', 'only this rule; may be repeated or a list with commas', list)
    .addOption(themeOption())
    .option('--since <ref>', 'only what changed since this git revision')
    .option('--baseline <file>', 'accept the findings of this file (default: .underpin-baseline.jsonl)')
    .option('--timing', 'show where the time went')
    .action((path: string | undefined, flags: ScanFlags) => run(ctx => scan(ctx, path, flags)));

  reading(main.command('routes').description('list the routes with what they ask of their callers'))
    .addOption(new Option('-f, --format <format>', 'form of the list').choices(ROUTE_FORMATS).default('table'))
    .option('--why <method...>', 'METHOD PATH: show every place that was looked at to judge this route')
    .option('--diff <ref>', 'show what changed since this branch left a git revision')
    .action((path: string | undefined, flags: RouteFlags) => run(ctx => routes(ctx, path, flags)));

  reading(main.command('openapi').description('write an OpenAPI 3.1 document of the routes'))
    .addOption(new Option('-f, --format <format>', 'form of the document').choices(['json', 'yaml']).default('json'))
    .action((path: string | undefined, flags: QueryFlags) => run(ctx => openapi(ctx, path, flags)));

  reading(main.command('trends').description('show where the backend stands with each trend'))
    .addOption(new Option('-f, --format <format>', 'form of the list').choices(['text', 'json']).default('text'))
    .action((path: string | undefined, flags: QueryFlags) => run(ctx => trends(ctx, path, flags)));

  main
    .command('fix')
    .description('apply the verified fixes of a rule')
    .addArgument(folder)
    .requiredOption('--rule <id>', 'the rule')
    .option('--dry-run', 'print a diff and change nothing')
    .option('--no-cache', 'read everything anew')
    .action((path: string | undefined, flags: FixFlags) => run(ctx => fix(ctx, path, flags)));

  main
    .command('explain')
    .description('explain a rule, or what is known at a place')
    .argument('<target>', 'rule id, FILE:LINE, or a knowledge page such as recipes/auth/express')
    .addArgument(folder)
    .option('--not <rule>', 'tell why the rule reports nothing at FILE:LINE')
    .action((target: string, path: string | undefined, flags: { not?: string }) =>
      run(ctx => explain(ctx, target, path, flags.not)),
    );

  main
    .command('rules')
    .description('list the rules')
    .addOption(new Option('-f, --format <format>', 'form of the list').choices(['table', 'json']).default('table'))
    .action((flags: { format: string }) => run(ctx => rules(ctx, flags)));

  const accepted = main.command('baseline').description('accept the findings of today');
  const actions: readonly (readonly [BaselineAction, string])[] = [
    ['create', 'accept everything that is open'],
    ['update', 'accept what is new, drop what is gone'],
    ['prune', 'drop what is gone'],
  ];
  for (const [action, description] of actions) {
    const command = accepted.command(action).description(description).addArgument(folder);
    if (action === 'create') command.option('--force', 'replace a file that exists');
    command
      .option('--baseline <file>', 'the file (default: .underpin-baseline.jsonl)')
      .option('--no-cache', 'read everything anew')
      .action((path: string | undefined, flags: BaselineFlags) => run(ctx => baseline(ctx, action, path, flags)));
  }

  main
    .command('init')
    .description('write a small configuration file')
    .addArgument(folder)
    .action((path: string | undefined) => run(ctx => init(ctx, path)));

  main
    .command('lsp')
    .description('serve the language server protocol')
    .requiredOption('--stdio', 'over stdin and stdout')
    .action(() =>
      run(async () => {
        await deps.startLanguageServer();
        return EXIT.clean;
      }),
    );

  return main;
}

function themeOption(): Option {
  const themes = new Set<string>([...TRENDS, ...BENEFITS]);
  return new Option('--trend <id>', 'only this trend or benefit; may be repeated or a list with commas').argParser(
    (value: string, before: readonly string[] | undefined) => {
      const given = list(value, before);
      const wrong = given.find(id => !themes.has(id));
      if (wrong !== undefined) throw new InvalidArgumentError(`Allowed are ${[...themes].join(', ')}.`);
      return given;
    },
  );
}

function list(value: string, before: readonly string[] = []): string[] {
  return [
    ...before,
    ...value
      .split(',')
      .map(part => part.trim())
      .filter(part => part !== ''),
  ];
}
