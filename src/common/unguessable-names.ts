import { isSecretName } from './secret-names.ts';
import { wordsOf } from './words.ts';

const ALONE = new Set(
  'token secret password passwd passphrase passcode otp totp nonce salt csrf xsrf apikey sessionid credential'.split(
    ' ',
  ),
);
/** `resetCode`, `verification_pin`, `inviteLink`: what somebody must know to be let in. */
const GATES = new Set(
  'reset verification verify verifying confirmation confirm invite invitation activation auth login access recovery otp sms mfa twofactor'.split(
    ' ',
  ),
);
const KEPT = new Set(['code', 'pin', 'key', 'link', 'hash']);
/** Names about a secret rather than of it, and tokens of texts and lists. */
const OTHER = new Set(
  'count counts length size index limit ttl expiry expires expiration type name names kind bucket usage delay cancel page next design budget max min total cost price policy status attempts input output prompt completion tokens used field header label style color mock fake sample test'.split(
    ' ',
  ),
);

const PREPOSITIONS = new Set('for of from by with'.split(' '));

/** Whether a name says that its value must not be guessed: `resetToken`, `otp`, `sessionId`, `iv`. */
export function isUnguessableName(name: string): boolean {
  const all = wordsOf(name);
  // `idForToken` is an id, `tokenForUser` is a token.
  const preposition = all.findIndex((word, at) => at > 0 && PREPOSITIONS.has(word));
  const words = preposition === -1 ? all : all.slice(0, preposition);
  const last = words.at(-1) ?? '';
  if (words.some(word => OTHER.has(word))) return false;
  if (ALONE.has(last.replace(/\d+$/, '')) || isSecretName(words.join('_'))) return true;
  if (last === 'iv' || (words.length === 1 && last === 'pin')) return true;
  const before = words.at(-2) ?? '';
  return (last === 'id' && before === 'session') || (KEPT.has(last) && GATES.has(before));
}
