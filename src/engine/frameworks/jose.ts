import { defineAdapter } from './adapter.ts';

/** jose: `decodeJwt` reads, `jwtVerify` proves; keys are often bytes made from a string. */
export const jose = defineAdapter({
  id: 'jose',
  title: 'jose',
  docs: 'https://github.com/panva/jose',
  packages: ['jose'],
  operations: {
    'jose.decodeJwt': call => ({ kind: 'jwt-decode', args: { token: call.arg(0) }, is: { library: 'jose' } }),
    'jose.jwtVerify': call => ({
      kind: 'jwt-verify',
      args: { token: call.arg(0), key: call.arg(1), options: call.arg(2) },
      is: { library: 'jose' },
    }),
    'jose.compactVerify': call => ({
      kind: 'jwt-verify',
      args: { token: call.arg(0), key: call.arg(1), options: call.arg(2) },
      is: { library: 'jose' },
    }),
    'jose.SignJWT#sign': call => ({
      kind: 'jwt-sign',
      args: { key: call.arg(0) },
      is: { library: 'jose', built: true },
    }),
  },
});
