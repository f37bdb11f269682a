import { isSecretName } from './secret-names.ts';
import { wordsOf } from './words.ts';

const PASSWORDS = new Set('password passwd passphrase passcode pwd'.split(' '));
/** Cheaper than looking at the words of every name. */
const PASSWORD = /pass|pwd/i;
const PERSONAL = new Set('cvv cvc ssn otp'.split(' '));
const TOKENS = new Set(
  'access auth refresh bearer session jwt id api reset csrf admin service secret bot deploy user login'.split(' '),
);
/** What is left of a secret, or is about one. */
const HARMLESS = new Set(
  'hash hashed hashes encrypted encoded encrypt crypted masked redacted hidden length count policy strength hint error errors err msg message messages url uri path field fields label required valid invalid is has can should name names id ids type types expiry expires expired ttl age set changed reset regex pattern schema rules rule input form page screen template provider manager service store verifier bucket public digest md5 sha sha256 fingerprint status placeholder exists missing last updated enabled'.split(
    ' ',
  ),
);

/** Whether a name says that its value lets somebody in: `password`, `user.apiKey`, `accessToken`, `cvv`. */
export function isSensitiveName(name: string): boolean {
  const words = wordsOf(name);
  const last = words.at(-1) ?? '';
  if (words.some(word => HARMLESS.has(word) && word !== last)) return false;
  if (HARMLESS.has(last)) return false;
  if (PASSWORDS.has(last) || PERSONAL.has(last) || isSecretName(name)) return true;
  const before = words.at(-2) ?? '';
  return (
    (last === 'token' && TOKENS.has(before)) || (last === 'number' && before === 'card') || last === 'authorization'
  );
}

/** Whether it is a password, which nobody needs to keep. */
export function isPasswordName(name: string): boolean {
  return PASSWORD.test(name) && isSensitiveName(name) && PASSWORDS.has(wordsOf(name).at(-1) ?? '');
}
