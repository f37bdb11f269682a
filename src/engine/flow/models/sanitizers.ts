import { AS_LIST, AS_PATH, AS_TARGET, AS_TEXT, EVERYTHING, type Mask, maskOf } from '../kinds.ts';

/** By API path of a call: the kinds of sinks its result is harmless for, though it keeps the text of its argument. */
export const SANITIZERS: Readonly<Record<string, Mask>> = {
  String: AS_TEXT,
  'JSON.stringify': AS_TEXT | maskOf('log'),
  encodeURIComponent: maskOf('url', 'redirect', 'html', 'path', 'command', 'log', 'ldap', 'xpath') | AS_TEXT,
  'node:querystring.escape': maskOf('url', 'redirect', 'html', 'path') | AS_TEXT,
  'node:path.basename': maskOf('path'),
  'node:path.posix.basename': maskOf('path'),
  'node:path.extname': maskOf('path'),
  'node:path.posix.extname': maskOf('path'),
  'node:path.win32.basename': maskOf('path'),
  'sanitize-filename': maskOf('path'),
  'pg.escapeLiteral': maskOf('sql'),
  'pg.escapeIdentifier': maskOf('sql'),
  'pg.Client#escapeLiteral': maskOf('sql'),
  'pg.Client#escapeIdentifier': maskOf('sql'),
  'pg.PoolClient#escapeLiteral': maskOf('sql'),
  'pg.PoolClient#escapeIdentifier': maskOf('sql'),
  'pg-format': maskOf('sql'),
  'pg-format.literal': maskOf('sql'),
  'pg-format.ident': maskOf('sql'),
  'mysql2.escape': maskOf('sql'),
  'mysql2.escapeId': maskOf('sql'),
  'mysql2.format': maskOf('sql'),
  'mysql2.Pool#escape': maskOf('sql'),
  'mysql2.Pool#escapeId': maskOf('sql'),
  'mysql2.Connection#escape': maskOf('sql'),
  'mysql2.Connection#escapeId': maskOf('sql'),
  'sqlstring.escape': maskOf('sql'),
  'sqlstring.escapeId': maskOf('sql'),
  'sqlstring.format': maskOf('sql'),
  'escape-html': maskOf('html'),
  'serialize-javascript': maskOf('html'),
  'he.encode': maskOf('html'),
  'he.escape': maskOf('html'),
  'lodash.escape': maskOf('html'),
  'lodash/escape': maskOf('html'),
  'sanitize-html': maskOf('html'),
  xss: maskOf('html'),
  'xss.filterXSS': maskOf('html'),
  'dompurify.sanitize': maskOf('html'),
  'isomorphic-dompurify.sanitize': maskOf('html'),
  'validator.escape': maskOf('html'),
  'html-escaper.escape': maskOf('html'),
  'entities.encodeHTML': maskOf('html'),
  'entities.escapeUTF8': maskOf('html'),
  'shell-quote.quote': maskOf('command'),
  'shescape.quote': maskOf('command'),
  'shell-escape': maskOf('command'),
  'mongo-sanitize': maskOf('operator'),
  'escape-string-regexp': maskOf('regex'),
  'escape-string-regexp.escapeStringRegexp': maskOf('regex'),
  'lodash.escapeRegExp': maskOf('regex'),
  'lodash/escapeRegExp': maskOf('regex'),
  'RegExp.escape': maskOf('regex'),
  'escape-regexp': maskOf('regex'),
  'regexp.escape': maskOf('regex'),
  'ldap-escape.filter': maskOf('ldap'),
  'ldap-escape.dn': maskOf('ldap'),
};

/** Functions that answer whether a value is harmless, by API path: for which kinds, when they say yes. */
export const PREDICATES: Readonly<Record<string, Mask>> = {
  'Number.isInteger': EVERYTHING,
  'Number.isSafeInteger': EVERYTHING,
  'Number.isFinite': EVERYTHING,
  isFinite: EVERYTHING,
  'validator.isUUID': EVERYTHING,
  'validator.isInt': EVERYTHING,
  'validator.isNumeric': EVERYTHING,
  'validator.isFloat': EVERYTHING,
  'validator.isBoolean': EVERYTHING,
  'validator.isAlpha': EVERYTHING,
  'validator.isAlphanumeric': EVERYTHING,
  'validator.isMongoId': EVERYTHING,
  'validator.isHexadecimal': EVERYTHING,
  'validator.isIP': EVERYTHING,
  'validator.isFQDN': maskOf('command', 'sql', 'path', 'html', 'code'),
  'validator.isDate': EVERYTHING,
  'validator.isIn': EVERYTHING,
  'uuid.validate': EVERYTHING,
  'node:net.isIP': EVERYTHING,
  'node:net.isIPv4': EVERYTHING,
  'node:net.isIPv6': EVERYTHING,
  'mongoose.isValidObjectId': maskOf('sql', 'command', 'path', 'html', 'code', 'url', 'redirect'),
  'mongoose.Types.ObjectId.isValid': maskOf('sql', 'command', 'path', 'html', 'code', 'url', 'redirect'),
  'mongodb.ObjectId.isValid': maskOf('sql', 'command', 'path', 'html', 'code', 'url', 'redirect'),
  'is-path-inside': maskOf('path'),
  'Array.isArray': AS_LIST,
  'cluster-key-slot': EVERYTHING,
};

/** Functions that answer the opposite: harmless when they say no. */
export const ALARMS: Readonly<Record<string, Mask>> = {
  // A single value is no list.
  'Array.isArray': maskOf('list'),
  isNaN: EVERYTHING,
  'Number.isNaN': EVERYTHING,
  'node:path.isAbsolute': maskOf('absolute'),
  'node:path.posix.isAbsolute': maskOf('absolute'),
};

/** Names under which projects and packages keep the same functions; used only where the callee is not resolved. */
export const SANITIZER_NAMES: readonly (readonly [RegExp, Mask])[] = [
  [/^(?:escape|encode)(?:_?html|HTML|Html|Xml|XML)(?:Entities)?$|^sanitize(?:Html|HTML)$|^htmlEscape$/, maskOf('html')],
  [/^(?:escapeShell(?:Arg)?|shellEscape|shellQuote)$/, maskOf('command')],
  [
    /^(?:escape|quote|sanitize)_?(?:String)?(?:For)?Reg(?:ex|Exp|exp)?(?:p?Chars|Characters|String)?$/i,
    maskOf('regex'),
  ],
  [/^sanitize(?:File(?:N|n)ame|Path)$/, maskOf('path')],
];

/** Such a function that cannot be looked into may well check what it is given. */
export const CHECK_NAME = /^(?:is|has|can|valid|check|allow|match|verif|safe|assert|ensure|test)/i;

/** What a full match of a regular expression proves. */
export function provedByRegex(source: string, flags: string): Mask {
  if (flags.includes('m') || !/^\^/.test(source) || !/\$$/.test(source)) return 0;
  // One alternative without anchors matches anywhere.
  if (hasBareAlternative(source)) return 0;
  const inner = source.slice(1, -1);
  if (/^\(?\^?https?:\\\/\\\/(?:\(\?:)?[\w-]+(?:\\\.[\w-]+)+(?:\\\/|$|\))/.test(inner)) return AS_TARGET;
  return /(?<!\\)\.(?!\])|\\[SDW]|\[\^/.test(
    inner.replace(/\[[^\]^][^\]]*\]/g, set => (/\\[SDW]/.test(set) ? '.' : 'x')),
  )
    ? 0
    : risky(inner);
}

/** Characters that stay possible decide which sinks remain dangerous. */
function risky(inner: string): Mask {
  // A space parts arguments, a line break commands.
  const space = /\\s/.test(inner);
  const quote = /['"`;]/.test(inner);
  const slash = /\//.test(inner) || /\\\\/.test(inner);
  const dot = /\[[^\]]*\.[^\]]*\]/.test(inner) || /\\\./.test(inner);
  const colon = /:/.test(inner.replaceAll('(?:', ''));
  let mask = EVERYTHING;
  if (quote) mask &= ~maskOf('sql', 'html', 'code', 'command');
  if (space) mask &= ~maskOf('command');
  if (slash && dot) mask &= ~maskOf('path');
  if (slash && colon) mask &= ~AS_TARGET;
  if (/[<>]/.test(inner)) mask &= ~maskOf('html');
  if (/[|&$]/.test(inner.replace(/\(\?[:!=]|\|/g, ''))) mask &= ~maskOf('command');
  return mask;
}

/** What is harmless once everything that matches is replaced. */
export function provedByReplacing(source: string): Mask {
  if (provedByNoMatch(source)) return provedByNoMatch(source);
  if (/^\(?(?:<|&lt;)/.test(source)) return maskOf('html');
  const set = /^\[(?!\^)((?:\\.|[^\]\\])*)\]/.exec(source)?.[1];
  const removed = (set ?? source.split('|').find(one => /^\\?[^\\]$|^\\[rn/.\\]$/.test(one)) ?? '').replaceAll(
    '\\\\',
    '\0',
  );
  let mask = 0;
  if (removed.includes('<')) mask |= maskOf('html');
  if (removed.includes("'")) mask |= maskOf('sql');
  if (removed.includes('/')) mask |= AS_PATH;
  if (removed.includes('.')) mask |= maskOf('dots');
  if (/\\[rn]/.test(removed)) mask |= maskOf('log');
  return mask;
}

function hasBareAlternative(source: string): boolean {
  let depth = 0;
  for (let at = 0; at < source.length; at++) {
    const c = source[at];
    if (c === '\\') at++;
    else if (c === '[') {
      const end = source.indexOf(']', at + 2);
      at = end === -1 ? source.length : end;
    } else if (c === '(') depth++;
    else if (c === ')') depth--;
    else if (c === '|' && depth === 0) return true;
  }
  return false;
}

/** What a text proves by not matching: a search for everything that is not allowed, or for `..`. */
export function provedByNoMatch(source: string): Mask {
  if (/^\[\^[\w\\\- .]*\]\+?$/.test(source) && !/\\[SDW]/.test(source)) return EVERYTHING;
  if (/\\\.\\\./.test(source)) return maskOf('dots');
  return 0;
}
