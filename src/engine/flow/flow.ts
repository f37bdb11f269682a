import type { Evidence } from '../model/finding.ts';
import type { Span } from '../model/span.ts';
import type { SinkKind } from './kinds.ts';
import type { Hit, Sink } from './summary.ts';
import { ANY, HOLE, type Label, type Origin } from './taint.ts';

/** A way from an untrusted value to a place where it does harm. */
export interface Flow {
  readonly kind: SinkKind;
  readonly label: Label;
  readonly source: {
    readonly label: Label;
    /** The part of the request, or what the model answered. */
    readonly part: string;
    readonly span: Span;
    /** As written: `req.query.email`. */
    readonly text: string;
    /** API path of what is read: `express.Request#query`. */
    readonly api: string;
    /** Steps from there: none for the whole part. */
    readonly path: readonly string[];
  };
  readonly sink: Sink;
  /** It was read from a text, as JSON. */
  readonly isParsed: boolean;
  /** Known text in front of the value at the sink; `\0` stands for what is not known. */
  readonly before: string;
  /** Source, every place the value passes, and sink. */
  readonly steps: readonly Evidence[];
  /** It gets there in the text of an exception, if at all. */
  readonly isGuess: boolean;
  /** The host is the program's own: what is chosen is a part of the path on it. */
  readonly isConfined: boolean;
  /** Something before the function checks this part of the request, in a way that was not looked into. */
  readonly isChecked: boolean;
  /** Set where the way ends: what made the value harmless. */
  readonly ended: Evidence | undefined;
}

/** A hit as a flow, if the position it reaches is one that does harm. */
export function flowFrom({ sink, origin, ended }: Hit): Flow | undefined {
  const { root, at } = origin;
  if (root.k !== 'source' || !at || (!ended && !isHarmful(sink, origin))) return undefined;
  const { label, part, key: api } = root;
  const text = part === 'url' ? at.text : withPath(at.text, origin);
  const source = { label, part, span: at.span, text, api, path: origin.path };
  const first = { span: at.span, message: begins(root.label, isOfPage(api) ? 'page' : root.part, text) };
  const last = { span: sink.arg, message: `reaches \`${sink.callee}\`` };
  return {
    kind: sink.kind,
    label: root.label,
    source,
    sink,
    isParsed: origin.json === true,
    before: origin.before,
    steps: [first, ...origin.steps, last],
    isGuess: origin.quoted !== undefined,
    isConfined: sink.kind === 'url' && isConfined(origin.before),
    isChecked: root.isChecked,
    ended,
  };
}

/** A property read apart from its request: `const { email } = req.body` is `req.body.email`. */
function withPath(text: string, { path }: Origin): string {
  const rest: string[] = [];
  let head = text;
  for (const name of [...path].reverse()) {
    if (name === '*' && head.endsWith(']')) head = head.slice(0, head.lastIndexOf('['));
    else if (head === name && rest.length === 0) head = '';
    else if (head.endsWith(`.${name}`) || head.endsWith(`['${name}']`) || head.endsWith(`[${name}]`))
      head = head.slice(0, Math.max(head.lastIndexOf('.'), head.lastIndexOf('[')));
    else rest.unshift(name);
  }
  return text + rest.map(name => (name === '*' ? '[…]' : /^\d+$/.test(name) ? `[${name}]` : `.${name}`)).join('');
}

/** Whether a source is the address of a page in a browser. */
export function isOfPage(api: string): boolean {
  return /^(?:location|document|window|page\.Message)#/.test(api);
}

function begins(label: Label, part: string, text: string): string {
  if (label === 'stored') return `\`${text}\` gives rows with \`${part}\``;
  if (label === 'model') return part === 'answer' ? 'a language model wrote it' : `\`${text}\` holds ${part}`;
  if (label === 'started') return `\`${text}\` is up to whoever starts the program`;
  if (label === 'caller') return `\`${text}\` is what users of \`${part}\` pass`;
  if (part === 'page') return `\`${text}\` comes from whoever makes a link to the page`;
  if (part === 'archive') return `\`${text}\` is named by whoever made the archive`;
  return `\`${text}\` comes from whoever sends the request`;
}

/** Parts of a request that can hold objects; for a query string that depends on its parser. */
const STRUCTURED = new Set(['body', 'raw', 'query']);

function isOfQuery([first]: readonly string[]): boolean {
  return first === 'query' || first === 'searchParams';
}

/** How a statement begins that something has to run. */
const STATEMENT =
  /^[\s(]*(?:(?:--|\/\*)[^\n]*\n\s*)?(?:begin\s*;\s*)?(?:select\s(?:.|\n)*\sfrom\s|insert\s+into\s|update\s(?:.|\n)*\sset\s|delete\s+from\s|(?:create|drop|alter|truncate)\s+table\s|copy\s|with\s|set\s+(?:local\s+|session\s+)?search_path\s)/i;

/** Another website cannot make a browser send what it wants there. */
const SENT_BY_PROGRAMS = new Set(['headers', 'cookies']);
const ONE_LINE = new Set(['headers', 'cookies']);
const RUNS_IN_PAGE: ReadonlySet<SinkKind> = new Set(['html', 'code', 'xpath', 'method', 'proto', 'merge']);
/** Brings functions back to life that a text holds, whatever it is called for. */
const REVIVES = /^(?:node-serialize|serialize-to-js|funcster|cryo)\./;
const WRITTEN = /^(?:title|body|ref|label|message|email|name|page_name|head_branch|description)$/;
const PUT_BY_PARSER = new Set(['path', 'filepath', 'tempFilePath', 'destination', 'newFilename', 'size']);

/** Multer makes up the name it stores a file under; `originalname` is the sender's. */
function isNamedByMulter({ part, key }: { part: string; key: string }, path: readonly string[]): boolean {
  return part === 'files' && path.at(-1) === 'filename' && /^(?:express|@nestjs\/common)\./.test(key);
}

const SENDS_FILE = /#send[fF]ile$/;

/** `headers.host`, `get('host')` and what proxies put in its place. */
function isHost(path: readonly string[], read: string): boolean {
  return /^(?:x-forwarded-)?host$/i.test(path.at(-1) ?? '') || /\('(?:x-forwarded-)?host'\)$/i.test(read);
}

/**
 * What a library does with an argument is what it is for, unless it puts it behind a text of its own as if it were a
 * harmless part of it.
 */
function harmsUsers({ kind, stated, api }: Sink, before: string): boolean {
  switch (kind) {
    case 'command':
      return /[^\s\0]/.test(before);
    case 'code':
      return /[^\s\0]/.test(before) || REVIVES.test(api);
    case 'ldap':
      return before.includes('(');
    case 'xpath':
      return /^[^'"]*\//.test(before);
    case 'sql':
      return STATEMENT.test(before);
    case 'html':
      return before.includes('<');
    case 'regex':
      return before !== '' && before !== HOLE;
    case 'proto':
      return stated === true;
    case 'matched':
      return true;
    default:
      return false;
  }
}

function isHarmful(sink: Sink, origin: Origin): boolean {
  const { kind, guessed, stated, api, option } = sink;
  const { before, text, root, path, json, at, quoted } = origin;
  if (quoted && kind !== 'html') return false;
  // Whoever starts a program may run commands as well; a word of one is not meant to be more.
  if (root.k === 'source' && root.label === 'started') return kind === 'command' && /[^\s\0]/.test(before);
  // Names of tables deep in a configuration are not what somebody types.
  if (root.k === 'source' && root.label === 'caller')
    return (kind !== 'sql' || path.length < 2) && harmsUsers(sink, before);
  // The rest of an event is what the platform gave it: numbers, hashes, names of its own making.
  if (
    root.k === 'source' &&
    root.part === 'event' &&
    !(WRITTEN.test(path.at(-1) ?? '') && !path.includes('repository'))
  )
    return false;
  // Where an upload is put is up to the parser, whatever its sender calls it.
  if (root.k === 'source' && root.part === 'files' && PUT_BY_PARSER.has(path.at(-1) ?? '')) return false;
  if (kind === 'path' && root.k === 'source' && isNamedByMulter(root, path)) return false;
  // A page hurts only who follows a link to it: by what runs there.
  if (root.k === 'source' && isOfPage(root.key) && !RUNS_IN_PAGE.has(kind)) return false;
  if (guessed && kind === 'sql' && !STATEMENT.test(before)) return false;
  if (guessed && kind === 'xpath' && !/^\.?\/\/?[\w*@:]/.test(before)) return false;
  // The path of the request itself begins with a slash: its sender chooses no host.
  if (root.k === 'source' && root.part === 'url' && (kind === 'url' || kind === 'redirect') && !isOfQuery(path))
    return false;
  switch (kind) {
    case 'url':
      if (!isConfined(before)) return true;
      // `..` in a path leads elsewhere on the same host; in a query it is a text like any other.
      return (
        text &&
        root.k === 'source' &&
        (IN_PATH.has(root.part) || (root.part === 'url' && isOfQuery(path))) &&
        /^[^?#]*\/[^/?#\0]*$/.test(before)
      );
    case 'redirect':
      return /^\/?\/?$/.test(before) || /^https?:\/\/[^/\0]*$/i.test(before);
    case 'html':
      if (before.includes('<')) return true;
      return (
        root.k === 'source' &&
        root.label === 'remote' &&
        !SENT_BY_PROGRAMS.has(root.part) &&
        (text || stated || root.part === 'url' || (root.part !== 'body' && path.length > 0)) &&
        !/^\s*[[{]/.test(before)
      );
    case 'path':
      // `sendFile` refuses `..`: only the beginning of the path matters.
      return !SENDS_FILE.test(api) || before === '' || before === HOLE;
    case 'graphql':
      // The whole document of a request is what such an endpoint is for.
      return before !== '';
    case 'option':
      return before === '';
    case 'locals':
      return !text && root.k === 'source' && STRUCTURED.has(root.part);
    case 'merge':
      return !text && root.k === 'source' && STRUCTURED.has(root.part);
    case 'log':
      // Headers hold no line breaks; an object's are shown as `\\n`.
      return (
        root.k === 'source' &&
        !ONE_LINE.has(root.part) &&
        (root.part === 'url' ? isOfQuery(path) : text || path.length > 0)
      );
    case 'list':
      // Sent twice, a parameter of a query string is a list.
      return !text && !json && root.k === 'source' && root.part === 'query' && path.length > 0 && path.at(-1) !== '*';
    case 'loop':
      return (
        root.k === 'source' &&
        root.part !== 'headers' &&
        (!stated || (!text && (json === true || STRUCTURED.has(root.part))))
      );
    case 'header':
      return stated ? before === '' : before === HOLE || !before.endsWith('-');
    case 'format':
      return before === '';
    case 'host':
      return (
        root.k === 'source' &&
        root.part === 'headers' &&
        (/#host(?:name)?$/.test(root.key) || isHost(path, at?.text ?? ''))
      );
    case 'operator':
      return !text && root.k === 'source' && (json === true || STRUCTURED.has(root.part));
    case 'answer':
      return isShown(root, path, text);
    case 'asked':
      return asksHarm(option, root, text);
    case 'record':
      if (stated) return root.k === 'source' && STRUCTURED.has(root.part) && path.at(-1) !== '*';
      return !text && root.k === 'source' && root.part === 'body' && path.length === 0;
    default:
      return true;
  }
}

/** A host in front, or something unknown that may hold it, or only the path of one's own. */
function isConfined(before: string): boolean {
  return (
    before.startsWith(HOLE) ||
    before.startsWith('/') ||
    /^(?:[a-z][a-z+.-]*:\/\/[^/]*|[\w.-]+(?::\d+)?)\//i.test(before)
  );
}

/** Parts of a request that hold any text a sender wants. */
const IN_PATH = new Set(['body', 'query', 'params', 'raw']);

/** Messages and whole requests are objects; a role, a model's name or instructions are texts. */
function asksHarm(option: string | undefined, root: Origin['root'], text: boolean): boolean {
  if (root.k !== 'source' || root.label !== 'remote' || root.part === 'headers') return false;
  return option === 'messages' || option === 'everything' ? !text && STRUCTURED.has(root.part) : true;
}

/** The row itself, one of a list, or its secret; any other column of it may be shown. */
export function isShown(root: Origin['root'], path: readonly string[], text: boolean): boolean {
  return (
    root.k === 'source' && root.label === 'stored' && !text && path.every(name => name === ANY || name === root.part)
  );
}
