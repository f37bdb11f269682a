import { wordsOf } from './words.ts';

/** Words that make up labels, names of fields and stand-ins, but no secret. */
const WORDS = new Set(
  'a an my your the this some new old current user users username name admin root guest postgres mysql test tests testing demo dummy fake mock sample example placeholder default changeme change me none null undefined nil true false string text varchar number required optional hidden enter insert here value field input param password passwd pass pwd passphrase passcode secret token key api apikey auth access private public client bearer basic jwt session cookie header env var todo tbd foo bar baz local localhost dev development staging prod production hash hashed salt id type label title custom encrypted redacted masked'.split(
    ' ',
  ),
);

/** Whether a text in the place of a secret is a label, the name of something, or stands in for what is put there later. */
export function isPlaceholder(text: string): boolean {
  if (text.length < 4 || /[\s<>{}$*%]|\.\.\./.test(text) || /^[/.#@]|:\/\//.test(text)) return true;
  if (/^(.)\1*$/.test(text) || /x{4,}|0{6,}|1234|abcd|change.?me|your[-_]?/i.test(text)) return true;
  // The name of a variable, not its value.
  if (/^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$/.test(text)) return true;
  const words = wordsOf(text).map(word => word.replace(/\d+$/, ''));
  // `testpwd`: written in one word.
  return words.every(word => word === '' || WORDS.has(word) || WORDS.has(word.replace(/^test/, '')));
}
