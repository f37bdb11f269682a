import { ALL, type CallSink, each, packages, type Table } from './sink-table.ts';

const command: CallSink = { kind: 'command', arg: 0 };
const code: CallSink = { kind: 'code', arg: 0 };

const workingFolder: readonly CallSink[] = [1, 2].map(arg => ({ kind: 'path', arg, property: 'cwd' }));
const process: readonly CallSink[] = [
  command,
  { kind: 'command', arg: 0, shell: true },
  { kind: 'command', arg: 1, shell: true },
  { kind: 'option', arg: 1 },
  ...workingFolder,
];

export const COMMANDS: Readonly<Table> = {
  ...each('node:child_process.', 'exec execSync', command, ...workingFolder),
  ...each('node:child_process.', 'spawn spawnSync execFile execFileSync', ...process),
  'node:child_process.fork': [command],
  ...packages(
    'execa execa.execa execa.execaSync execa.sync cross-spawn cross-spawn.sync cross-spawn.spawn',
    ...process,
  ),
  ...packages('execa.execaCommand execa.execaCommandSync execa.command execa.commandSync execa.shell', command),
  ...packages(
    'shelljs.exec cross-spawn-async async-execute remote-exec ssh2.Client#exec node-cmd.run node-cmd.get',
    command,
  ),
  'node-pty.spawn': process,
  ...packages('@actions/exec.exec @actions/exec.getExecOutput', command),
};

/** Tags of templates that are commands. */
export const COMMAND_TAGS: ReadonlySet<string> = new Set([
  'execa.$',
  'execa.$()',
  'execa.$.sync',
  'execa.$()#sync',
  'execa.execa()',
  'zx.$',
  'zx.$()',
]);

export const CODE: Readonly<Table> = {
  eval: [code],
  Function: [{ kind: 'code', arg: ALL }],
  ...each(
    'node:vm.',
    'runInNewContext runInThisContext runInContext compileFunction Script SourceTextModule SyntheticModule',
    code,
  ),
  'node:module#_compile': [code],
  'node:module.Module#_compile': [code],
  ...packages('WebAssembly.compile WebAssembly.instantiate WebAssembly.Module', code),
  ...packages('vm2.VM#run vm2.NodeVM#run vm2.VMScript sandbox#run safe-eval notevil static-eval safer-eval', code),
  ...packages('node-serialize.unserialize serialize-to-js.deserialize funcster.deepDeserialize cryo.parse', code),
  ...packages('mathjs.eval mathjs#eval mathjs.create()#eval', code),
  // Templates in text form: what they contain is run.
  ...packages(
    'ejs.render ejs.compile pug.render pug.compile jade.render jade.compile handlebars.compile handlebars.precompile handlebars.template nunjucks.renderString nunjucks.compile nunjucks.Environment#renderString nunjucks.Template lodash.template lodash/template lodash.template underscore.template dot.template dot.compile dottie.template mustache.render mustache.parse hogan.js.compile eta.render eta.renderString eta.compile eta.Eta#renderString squirrelly.render squirrelly.compile squirrelly.Compile squirrelly.Render twig.twig swig.render swig.compile swig-templates.render swig-templates.compile velocityjs.render whiskers.render art-template.render art-template.compile template7.compile ect.render dustjs-linkedin.compile dustjs-linkedin.renderSource haml.render haml-coffee.compile just.render jazz.compile plates.bind vash.compile atpl.compile liquidjs.Liquid#parseAndRender marko.load jqtpl.render toffee.render walrus.parse',
    code,
  ),
  require: [code],
  'module.require': [code],
  ...packages('import-fresh require-from-string import-from requireg', code),
  ...packages('js-yaml.load js-yaml.loadAll', { ...code, below: '4' }),
};
