/**
 * Calls that pass a value on, by API path: what the result keeps of which argument. `value` is the same value, `parsed`
 * an object read from the text, `options` one read from a list of words, `text` a text made of it, `path` a path that is worked out from it, `format` one that
 * begins like the first argument, `page` HTML made of it, `url` its parts as an URL, `element` one of its elements,
 * `list` a list of them, `number` its size, `keys` and `entries` the names of its properties, without and with their
 * values.
 */
export type Keeps =
  | 'value'
  | 'options'
  | 'path'
  | 'format'
  | 'page'
  | 'number'
  | 'parsed'
  | 'text'
  | 'url'
  | 'element'
  | 'list'
  | 'keys'
  | 'entries';

export interface Passes {
  readonly keeps: Keeps;
  /** Positions of the arguments; all of them by default. */
  readonly args?: readonly number[];
}

const value: Passes = { keeps: 'value', args: [0] };
const parsed: Passes = { keeps: 'parsed', args: [0] };
const text: Passes = { keeps: 'text' };
const path: Passes = { keeps: 'path' };
const firstText: Passes = { keeps: 'text', args: [0] };
const url: Passes = { keeps: 'url', args: [0] };
const all: Passes = { keeps: 'value' };

function each(prefix: string, names: string, passes: Passes): Record<string, Passes> {
  return Object.fromEntries(names.split(' ').map(name => [prefix + name, passes]));
}

/** Packages whose functions give a text that contains the one they get: colours, wrapping, formats. */
export const TEXT_PACKAGES: ReadonlySet<string> = new Set(
  'chalk colors ansi-colors kleur colorette cli-color picocolors yoctocolors wrap-ansi slice-ansi strip-ansi cli-highlight prettyjson printj dedent-js indent-string wordwrap word-wrap change-case voca'.split(
    ' ',
  ),
);

/** Commands of the AWS SDK hold what they are made of. */
const COMMANDS_OF_AWS = Object.fromEntries(
  'client-athena.StartQueryExecutionCommand client-athena.CreateNamedQueryCommand client-athena.UpdateNamedQueryCommand client-dynamodb.ExecuteStatementCommand client-dynamodb.BatchExecuteStatementCommand client-rds-data.ExecuteStatementCommand'
    .split(' ')
    .map(name => [`@aws-sdk/${name}`, value]),
);

export const PASSES: Readonly<Record<string, Passes>> = {
  ...each('', 'Number parseInt parseFloat Number.parseInt Number.parseFloat BigInt', { keeps: 'number', args: [0] }),
  ...each('Math.', 'abs ceil floor round trunc max', { keeps: 'number' }),
  String: firstText,
  ...each('', 'Error TypeError RangeError SyntaxError', firstText),
  'String.raw': text,
  'JSON.parse': parsed,
  'JSON.stringify': firstText,
  structuredClone: value,
  decodeURIComponent: firstText,
  decodeURI: firstText,
  encodeURI: firstText,
  unescape: firstText,
  atob: firstText,
  btoa: firstText,
  'Buffer.from': firstText,
  'Object.values': { keeps: 'list', args: [0] },
  'Object.entries': { keeps: 'entries', args: [0] },
  'Object.keys': { keeps: 'keys', args: [0] },
  'Object.fromEntries': value,
  'Object.freeze': value,
  'Array.from': value,
  'Array.of': all,
  'Promise.resolve': value,
  'Promise.all': value,
  'Promise.allSettled': value,
  'Promise.race': { keeps: 'element', args: [0] },
  'Promise.any': { keeps: 'element', args: [0] },
  URL: url,
  'node:url.URL': url,
  'URL.parse': url,
  'node:url.parse': url,
  URLSearchParams: value,
  'node:url.URLSearchParams': value,
  Map: value,
  Set: value,
  Array: all,
  Object: value,
  'node:url.fileURLToPath': firstText,
  'node:url.format': firstText,
  'node:querystring.parse': parsed,
  'node:querystring.unescape': firstText,
  ...each('', 'node:util.format printf sprintf-js.sprintf sprintf-js.vsprintf util-format format.format', {
    keeps: 'format',
  }),
  // Readers of command lines, which may be given another one than the program's own.
  ...each('', 'minimist yargs-parser mri nopt getopts arg command-line-args', { keeps: 'options' }),
  // Markdown may hold HTML, which these keep as it is.
  ...each('', 'marked marked.marked marked.parse showdown.Converter#makeHtml snarkdown', { keeps: 'page', args: [0] }),
  'node:util.inspect': firstText,
  ...each('node:path.', 'join resolve normalize relative dirname format toNamespacedPath', path),
  ...each('node:path.posix.', 'join resolve normalize relative dirname', path),
  ...each(
    '',
    'qs.parse qs querystringify.parse query-string.parse query-string parseqs.decode fast-querystring.parse picoquery.parse',
    parsed,
  ),
  'js-yaml.load': parsed,
  // The template is kept as it is; what is put into it is escaped.
  'ejs.render': firstText,
  'pug.render': firstText,
  'nunjucks.renderString': firstText,
  'yaml.parse': parsed,
  'lodash.get': value,
  ...each(
    'lodash.',
    'clone cloneDeep pick omit merge assign defaults extend defaultsDeep toString trim castArray compact uniq flatten values toLower toUpper capitalize camelCase',
    all,
  ),
  ...each('lodash/', 'clone cloneDeep pick omit merge assign defaults get trim', all),
  ...each('', 'dedent outdent common-tags.stripIndent slash normalize-url quasi', text),
  ...each('', 'upath.normalize upath.join upath.resolve normalize-path pathe.join pathe.resolve pathe.normalize', path),
  ...each('node:fs.', 'realpathSync promises.realpath readlinkSync', { keeps: 'path', args: [0] }),
  ...each('', 'Uint8Array node:stream.Readable.from node:fs.createReadStream escape', firstText),
  ...each(
    '',
    'adm-zip jszip.loadAsync clone fclone rfdc() sort-keys json-cycle.retrocycle json-cycle.decycle prettier.format',
    value,
  ),
  ...COMMANDS_OF_AWS,
  // Roles stay what the browser says they are.
  ...each('ai.', 'convertToModelMessages convertToCoreMessages', value),
};

/** Calls that hand what they keep of their first argument to a function: by API path, the position of its parameter. */
export const HANDED_ON: Readonly<Record<string, number>> = {
  'node:fs.realpath': 1,
};
