import type { OperationReader } from '../link/operations.ts';
import { defineAdapter } from './adapter.ts';
import { optionOf } from './options.ts';

/** A secret that is an argument, or an option of the argument. */
const secret =
  (what: string, position: number, ...path: readonly string[]): OperationReader =>
  call => {
    const given = path.length ? optionOf(call.arg(position), ...path) : call.arg(position);
    return given && { kind: 'secret-use', args: { secret: given }, is: { what } };
  };

const OAUTH = ['google-oauth20', 'github2', 'github', 'facebook', 'oauth2', 'twitter', 'linkedin-oauth2', 'gitlab2'];

/** Libraries that take a secret and whose other meaning no rule needs. */
export const secrets = defineAdapter({
  id: 'secrets',
  title: 'Secrets given to libraries',
  docs: 'https://cheatsheetseries.owasp.org/cheatsheets/Secrets_Management_Cheat_Sheet.html',
  packages: ['cookie-parser', 'stripe', 'nodemailer', 'twilio'],
  operations: {
    'cookie-parser': secret('cookie secret', 0),
    ...Object.fromEntries(OAUTH.map(name => [`passport-${name}.Strategy`, secret('client secret', 0, 'clientSecret')])),
    'passport-oauth2': secret('client secret', 0, 'clientSecret'),
    stripe: secret('Stripe key', 0),
    'stripe.Stripe': secret('Stripe key', 0),
    twilio: secret('Twilio token', 1),
    'nodemailer.createTransport': secret('mail password', 0, 'auth', 'pass'),
    'iron-session.getIronSession': secret('session password', 2, 'password'),
    'better-auth.betterAuth': secret('session secret', 0, 'secret'),
    'csrf-csrf.doubleCsrf': secret('CSRF secret', 0, 'secret'),
  },
});
