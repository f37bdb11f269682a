import type { OperationReader } from '../link/operations.ts';
import { defineAdapter } from './adapter.ts';

const read: OperationReader = call => ({ kind: 'identity-read', args: { request: call.arg(0) } });
/** The same where nobody gets past the call who is not signed in. */
const proof: OperationReader = call => ({
  kind: 'identity-read',
  args: { request: call.arg(0) },
  is: { throws: true },
});

/** Calls that give the verified caller, or nothing: whoever asks must still turn the caller away. */
export const identity = defineAdapter({
  id: 'identity',
  title: 'Sessions and identity providers',
  docs: 'https://cheatsheetseries.owasp.org/cheatsheets/Authentication_Cheat_Sheet.html',
  packages: ['next-auth', 'better-auth', '@clerk/express', 'firebase-admin', '@supabase/supabase-js', 'aws-jwt-verify'],
  aliases: {
    'next-auth/next.getServerSession': 'next-auth.getServerSession',
    'next-auth/next.unstable_getServerSession': 'next-auth.getServerSession',
    'next-auth.unstable_getServerSession': 'next-auth.getServerSession',
    '@clerk/clerk-sdk-node.getAuth': '@clerk/express.getAuth',
    '@clerk/fastify.getAuth': '@clerk/express.getAuth',
    '@hono/clerk-auth.getAuth': '@clerk/express.getAuth',
    'firebase-admin/auth.getAuth()': 'firebase-admin.auth()',
    '@supabase/ssr.createServerClient()': '@supabase/supabase-js.createClient()',
    '@supabase/supabase-js.SupabaseClient': '@supabase/supabase-js.createClient()',
    'better-auth.betterAuth()': 'better-auth.auth',
    'oidc-provider': 'oidc-provider.Provider',
  },
  operations: {
    'next-auth.getServerSession': read,
    'next-auth/jwt.getToken': read,
    'next-auth()#auth': read,
    '@auth/core/jwt.getToken': read,
    '@hono/auth-js.getAuthUser': read,
    'better-auth.auth#api.getSession': read,
    '@clerk/express.getAuth': read,
    '@clerk/nextjs/server.auth': read,
    '@clerk/nextjs/server.currentUser': read,
    '@clerk/backend.verifyToken': proof,
    'firebase-admin.auth()#verifyIdToken': proof,
    'firebase-admin.auth()#verifySessionCookie': proof,
    // `auth.getSession()` reads the cookie unverified and is left out on purpose.
    '@supabase/supabase-js.createClient()#auth.getUser': read,
    '@supabase/supabase-js.createClient()#auth.getClaims': read,
    'aws-jwt-verify.CognitoJwtVerifier.create()#verify': proof,
    'aws-jwt-verify.JwtVerifier.create()#verify': proof,
    'google-auth-library.OAuth2Client#verifyIdToken': proof,
    'iron-session.getIronSession': read,
    'lucia.Lucia#validateSession': read,
    '@workos-inc/node.WorkOS#userManagement.authenticateWithSessionCookie': proof,
    'express-oauth-server#authenticate': proof,
    'supertokens-node/recipe/session.getSession': read,
    // Finds the sign-in that the browser's signed cookie belongs to, and throws where there is none.
    'oidc-provider.Provider#interactionDetails': proof,
    'paseto.V3.verify': proof,
    'paseto.V4.verify': proof,
  },
});
