import assert from 'node:assert/strict';
import test from 'node:test';
import type { Config } from '../../../src/engine/config/config.ts';
import { configLookup } from '../../../src/engine/config/lookup.ts';
import { analyseTexts } from '../../harness/workspace.ts';

/** Rules that report on a text, with these settings for the whole workspace. */
function reported(text: string, config: Config): string[] {
  const { findings } = analyseTexts(new Map([['app.ts', text]]), { config: configLookup(new Map([['', config]])) });
  return findings.map(({ ruleId }) => ruleId);
}

const TENANTS = `
import { PrismaClient } from '@prisma/client';
import express from 'express';
import { expressjwt } from 'express-jwt';
const prisma = new PrismaClient();
const app = express();
app.use(expressjwt({ secret: process.env.JWT_KEY, algorithms: ['HS256'] }));
app.get('/invoices', async (req, res) => {
  res.json(await prisma.invoice.findMany({ where: { tenantId: req.auth.tenantId }, take: 50 }));
});
app.get('/invoices/export', async (req, res) => {
  res.json(await prisma.invoice.findMany({ where: { tenantId: req.get('x-tenant-id') }, take: 1000 }));
});
`;

test('a header that a trusted proxy sets names the caller, another one does not', () => {
  const rule = 'security/client-supplied-identity';
  assert.ok(reported(TENANTS, {}).includes(rule));
  assert.ok(reported(TENANTS, { trustedIdentityHeaders: ['x-user-id'] }).includes(rule));
  assert.ok(!reported(TENANTS, { trustedIdentityHeaders: ['X-Tenant-Id'] }).includes(rule));
});

const SIGN_IN = `
import bcrypt from 'bcrypt';
import express from 'express';
import { users } from './users';
const app = express();
app.use(express.json());
app.post('/login', async (req, res) => {
  const user = await users.byEmail(String(req.body.email));
  const matches = user && (await bcrypt.compare(String(req.body.password), user.hash));
  res.sendStatus(matches ? 204 : 401);
});
`;

test('sign-in needs no limiter of its own where a gateway limits the rate', () => {
  const rule = 'security/auth-rate-limit';
  assert.ok(reported(SIGN_IN, {}).includes(rule));
  assert.ok(!reported(SIGN_IN, { facts: { externalRateLimit: true } }).includes(rule));
});
