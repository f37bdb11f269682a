import type { OperationReader } from '../link/operations.ts';
import { defineAdapter } from './adapter.ts';
import { optionOf } from './shared/options.ts';

const sign: OperationReader = call => ({
  kind: 'jwt-sign',
  args: { payload: call.arg(0), key: call.arg(1), options: call.arg(2) },
  is: { library: 'jsonwebtoken' },
});
const verify: OperationReader = call => ({
  kind: 'jwt-verify',
  args: { token: call.arg(0), key: call.arg(1), options: call.arg(2) },
  is: { library: 'jsonwebtoken' },
});
const decode: OperationReader = call => ({
  kind: 'jwt-decode',
  args: { token: call.arg(0) },
  is: { library: 'jsonwebtoken' },
});
/** Middleware that verifies with the options it was made with. */
const middleware =
  (library: string): OperationReader =>
  call => ({
    kind: 'jwt-verify',
    args: { key: optionOf(call.arg(0), 'secret'), options: call.arg(0) },
    is: { library, middleware: true },
  });
const service =
  (kind: 'jwt-sign' | 'jwt-verify'): OperationReader =>
  call => ({
    kind,
    args: {
      [kind === 'jwt-sign' ? 'payload' : 'token']: call.arg(0),
      key: optionOf(call.arg(1), 'secret'),
      options: call.arg(1),
    },
    is: { library: '@nestjs/jwt', service: true },
  });

/** JSON Web Tokens in the jsonwebtoken family; keys may be given to a call, to middleware or to a module. */
export const jsonwebtoken = defineAdapter({
  id: 'jsonwebtoken',
  title: 'jsonwebtoken',
  docs: 'https://github.com/auth0/node-jsonwebtoken',
  packages: ['jsonwebtoken', 'jwt-decode', 'jwt-simple', '@nestjs/jwt', 'express-jwt', 'koa-jwt'],
  operations: {
    'jsonwebtoken.sign': sign,
    'jsonwebtoken.verify': verify,
    'jsonwebtoken.decode': decode,
    'jwt-decode': call => ({ kind: 'jwt-decode', args: { token: call.arg(0) }, is: { library: 'jwt-decode' } }),
    'jwt-decode.jwtDecode': call => ({
      kind: 'jwt-decode',
      args: { token: call.arg(0) },
      is: { library: 'jwt-decode' },
    }),
    'jwt-simple.encode': call => ({
      kind: 'jwt-sign',
      args: { payload: call.arg(0), key: call.arg(1) },
      is: { library: 'jwt-simple' },
    }),
    'jwt-simple.decode': call => {
      const unchecked = call.value(2);
      const skips = unchecked?.k === 'const' && unchecked.v === true;
      return {
        kind: skips ? 'jwt-decode' : 'jwt-verify',
        args: { token: call.arg(0), key: call.arg(1) },
        is: { library: 'jwt-simple' },
      };
    },
    '@nestjs/jwt.JwtService#sign': service('jwt-sign'),
    '@nestjs/jwt.JwtService#signAsync': service('jwt-sign'),
    '@nestjs/jwt.JwtService#verify': service('jwt-verify'),
    '@nestjs/jwt.JwtService#verifyAsync': service('jwt-verify'),
    '@nestjs/jwt.JwtService#decode': decode,
    '@nestjs/jwt.JwtModule.register': call => ({
      kind: 'jwt-key',
      args: { key: optionOf(call.arg(0), 'secret') ?? optionOf(call.arg(0), 'privateKey'), options: call.arg(0) },
      is: { library: '@nestjs/jwt' },
    }),
    'passport-jwt.Strategy': call => ({
      kind: 'jwt-verify',
      args: { key: optionOf(call.arg(0), 'secretOrKey'), options: call.arg(0) },
      is: { library: 'passport-jwt', middleware: true },
    }),
    'express-jwt': middleware('express-jwt'),
    'koa-jwt': middleware('koa-jwt'),
    'hono/jwt.jwt': middleware('hono/jwt'),
    'hono/jwt.sign': call => ({
      kind: 'jwt-sign',
      args: { payload: call.arg(0), key: call.arg(1) },
      is: { library: 'hono/jwt' },
    }),
    'hono/jwt.verify': call => ({
      kind: 'jwt-verify',
      args: { token: call.arg(0), key: call.arg(1) },
      is: { library: 'hono/jwt' },
    }),
    'hono/jwt.decode': call => ({ kind: 'jwt-decode', args: { token: call.arg(0) }, is: { library: 'hono/jwt' } }),
  },
});
