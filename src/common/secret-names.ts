import { findSecrets } from './secrets.ts';
import { wordsOf } from './words.ts';

/** What may be told of a setting that looks like a live secret: never its text. */
export interface SecretHint {
  /** The provider's format; undefined where only the name gives it away. */
  readonly format: string | undefined;
  /** The first four characters. */
  readonly head: string;
  /** UTF-16 units. */
  readonly length: number;
  /** False for test-mode and sample credentials. */
  readonly live: boolean;
}

const OWNERS = new Set(
  'api access auth secret private signing encryption jwt session client master admin bearer'.split(' '),
);
const ALONE = new Set(['password', 'passwd', 'passphrase', 'secret', 'apikey', 'clientsecret']);
const NO_SECRET_NAME = new Set(
  'public publishable example sample test mock fake dummy demo placeholder header name label field param path url type event prefix regex message error hint title'.split(
    ' ',
  ),
);
const NO_SECRET =
  /\s|:\/\/|^\/|[{}<>$]|change|your|xxx|\*\*\*|1234|example|placeholder|dummy|sample|secret|token|password|key/i;
/** The name of a variable. */
const VARIABLE = /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*$/;
/** `postgres-dev2024`: words that somebody thought up, with a number at the end. */
const WORDS = /^[a-z]+(?:[-_.][a-z]+)*[-_.]?\d{0,4}[!?.]?$/i;
/** Keys that their providers mean for browsers: PostHog, Stripe, Mapbox, Supabase. */
const PUBLISHABLE = /^(?:phc_|pk_|pk\.|sb_publishable_)/;
const SETTING_LENGTH = 12;
const SETTING_ENTROPY = 3;

/** Whether a name says, in whole words, that a secret is what it holds. */
export function isSecretName(name: string): boolean {
  const words = wordsOf(name);
  const last = words.at(-1) ?? '';
  if (words.some(word => NO_SECRET_NAME.has(word))) return false;
  return ALONE.has(last) || (['key', 'token', 'secret'].includes(last) && OWNERS.has(words.at(-2) ?? ''));
}

/** At least two classes of characters and that many bits each, and none of the marks of placeholders and of words. */
export function looksRandom(text: string, entropy: number): boolean {
  const isUuid = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i.test(text);
  if (isUuid || VARIABLE.test(text) || PUBLISHABLE.test(text) || NO_SECRET.test(text)) return false;
  return /[a-z]/i.test(text) && /\d/.test(text) && entropyOf(text) >= entropy;
}

/** What a name and its value in a file of settings give away: a provider's format, or the name of a random text. */
export function secretHint(name: string, text: string): SecretHint | undefined {
  const [found] = findSecrets(text);
  if (found) return { format: found.format, head: found.head, length: found.length, live: found.live };
  if (text.length < SETTING_LENGTH || WORDS.test(text) || !isSecretName(name)) return undefined;
  return looksRandom(text, SETTING_ENTROPY)
    ? { format: undefined, head: text.slice(0, 4), length: text.length, live: true }
    : undefined;
}

/** Shannon entropy in bits per character. */
export function entropyOf(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}
