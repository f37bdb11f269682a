/** What a value can do harm as; names that people use for kinds of sinks. */
export const HARMS = [
  'sql',
  'command',
  'code',
  'path',
  'url',
  'redirect',
  'html',
  /** A query filter in which an object is an operator. */
  'operator',
  /** A text that becomes a regular expression. */
  'regex',
  'xpath',
  'ldap',
  /** The text of a GraphQL document. */
  'graphql',
  'log',
] as const;
export type Harm = (typeof HARMS)[number];
