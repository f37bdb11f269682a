/**
 * Members of strings, arrays and promises, by name: what their result keeps of the receiver. They are looked up where
 * the receiver is no object of the project.
 */
export const TEXT_METHODS: ReadonlySet<string> = new Set(
  'trim trimStart trimEnd toLowerCase toUpperCase toLocaleLowerCase toLocaleUpperCase normalize toString toWellFormed padStart padEnd repeat substring substr slice at charAt replace replaceAll concat valueOf toJSON'.split(
    ' ',
  ),
);

/** Give a list of parts of a text. */
export const TEXT_LISTS: ReadonlySet<string> = new Set(['split', 'match', 'matchAll', 'exec']);

/** Give the same list, or a part of it. */
export const LIST_METHODS: ReadonlySet<string> = new Set(
  'filter slice concat reverse toReversed sort toSorted splice toSpliced flat fill entries values keys'.split(' '),
);

/** Give one element. */
export const ELEMENT_METHODS: ReadonlySet<string> = new Set('find findLast at pop shift get next getAll'.split(' '));

/** Put their arguments into the receiver. */
export const ADDERS: ReadonlySet<string> = new Set([
  'push',
  'unshift',
  'add',
  'append',
  'set',
  'write',
  'splice',
  'fill',
]);

/** Call their first argument with an element; the position of that element among the callback's parameters. */
export const VISITORS: Readonly<Record<string, number>> = {
  map: 0,
  flatMap: 0,
  forEach: 0,
  filter: 0,
  find: 0,
  findLast: 0,
  some: 0,
  every: 0,
  reduce: 1,
  reduceRight: 1,
  replace: 0,
};

/** Questions with a yes or no; nothing of the receiver is left in the answer. */
export const QUESTIONS: ReadonlySet<string> = new Set(
  'includes startsWith endsWith has test indexOf lastIndexOf search localeCompare hasOwnProperty isPrototypeOf charCodeAt codePointAt some every findIndex getTime'.split(
    ' ',
  ),
);
