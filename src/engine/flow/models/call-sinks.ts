import { CODE, COMMANDS } from './command-sinks.ts';
import { INFLATE, MERGES, SIZES, XML } from './data-sinks.ts';
import { PATHS } from './file-sinks.ts';
import { pages, URLS } from './network-sinks.ts';
import { FORMATS, HEADERS, HTML, LOG } from './output-sinks.ts';
import { GRAPHQL, LDAP, QUERIES, XPATH } from './query-sinks.ts';
import type { CallSink } from './sink-table.ts';

/** Sinks of calls no adapter speaks for, by API path. */
export const CALL_SINKS: Readonly<Record<string, readonly CallSink[]>> = {
  ...COMMANDS,
  ...CODE,
  ...PATHS,
  ...pages(),
  ...URLS,
  ...QUERIES,
  ...XML,
  ...XPATH,
  ...LDAP,
  ...GRAPHQL,
  ...INFLATE,
  ...SIZES,
  RegExp: [{ kind: 'regex', arg: 0 }],
  'JSON.parse': [{ kind: 'parsed', arg: 0 }],
  ...MERGES,
  ...HTML,
  ...HEADERS,
  ...LOG,
  ...FORMATS,
};
