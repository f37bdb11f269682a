import type { OperationReader } from '../link/operations.ts';
import { defineAdapter } from './adapter.ts';
import { optionOf } from './shared/options.ts';

/** A secret that is an argument, or an option of the argument. */
const secret =
  (what: string, position: number, ...path: readonly string[]): OperationReader =>
  call => {
    const given = path.length ? optionOf(call.arg(position), ...path) : call.arg(position);
    return given && { kind: 'secret-use', args: { secret: given }, is: { what } };
  };

/** `express-basic-auth` takes an object of users and their passwords. */
const users: OperationReader = call => {
  const given = optionOf(call.arg(0), 'users');
  const [first] = given?.k === 'obj' ? given.props : [];
  return first && { kind: 'secret-use', args: { secret: first.v }, is: { what: 'password of a user' } };
};
/** `request(url).auth(user, pass, immediately, bearer)`. */
const requestAuth: OperationReader = call => {
  const given = call.arg(3) ?? call.arg(1);
  return given && { kind: 'secret-use', args: { secret: given }, is: { what: 'password of a request' } };
};
const REQUESTS = ['', '.get', '.post', '.put', '.patch', '.head', '.del', '.delete'];

const OAUTH = ['google-oauth20', 'github2', 'github', 'facebook', 'oauth2', 'twitter', 'linkedin-oauth2', 'gitlab2'];

/** Libraries that take a secret and whose other meaning no rule needs. */
export const secrets = defineAdapter({
  id: 'secrets',
  title: 'Secrets given to libraries',
  docs: 'https://cheatsheetseries.owasp.org/cheatsheets/Secrets_Management_Cheat_Sheet.html',
  packages: ['cookie-parser', 'stripe', 'nodemailer', 'twilio', 'express-basic-auth', 'next-auth'],
  operations: {
    'cookie-parser': secret('cookie secret', 0),
    ...Object.fromEntries(OAUTH.map(name => [`passport-${name}.Strategy`, secret('client secret', 0, 'clientSecret')])),
    'passport-oauth2': secret('client secret', 0, 'clientSecret'),
    stripe: secret('Stripe key', 0),
    'stripe.Stripe': secret('Stripe key', 0),
    ...Object.fromEntries(
      ['request', 'superagent'].flatMap(name =>
        REQUESTS.map(method => [`${name}${method}()#auth`, requestAuth] as const),
      ),
    ),
    'express-basic-auth': users,
    'basic-auth-connect': secret('password of a user', 1),
    'aws-sdk.Credentials': secret('AWS secret key', 1),
    '@azure/storage-blob.StorageSharedKeyCredential': secret('Azure account key', 1),
    'ms-rest-azure.loginWithUsernamePassword': secret('Azure password', 1),
    'ms-rest-azure.loginWithServicePrincipalSecret': secret('Azure secret', 1),
    'digitalocean.client': secret('DigitalOcean token', 0),
    '@sendgrid/mail.setApiKey': secret('SendGrid key', 0),
    'next-auth': secret('session secret', 0, 'secret'),
    twilio: secret('Twilio token', 1),
    'nodemailer.createTransport': secret('mail password', 0, 'auth', 'pass'),
    'iron-session.getIronSession': secret('session password', 2, 'password'),
    'better-auth.betterAuth': secret('session secret', 0, 'secret'),
    'csrf-csrf.doubleCsrf': secret('CSRF secret', 0, 'secret'),
  },
});
