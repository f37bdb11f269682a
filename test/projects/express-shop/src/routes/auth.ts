import { createHash, randomBytes } from 'node:crypto';
import bcrypt from 'bcrypt';
import { Router } from 'express';
import { rateLimit } from 'express-rate-limit';
import { z } from 'zod';
import { pool } from '../db.js';
import { asyncHandler } from '../middleware/async-handler.js';
import { issueToken } from '../middleware/require-auth.js';
import { validateBody } from '../middleware/validate.js';
import { sendWelcome } from '../services/mail.js';

const Credentials = z.object({ email: z.string().email(), password: z.string().min(12) });

export const authRouter = Router();
authRouter.use(rateLimit({ windowMs: 60_000, limit: 10 }));

authRouter.post(
  '/register',
  validateBody(Credentials),
  asyncHandler(async (req, res) => {
    const { email, password } = req.body;
    const hash = await bcrypt.hash(password, 12);
    const { rows } = await pool.query('INSERT INTO users (email, password_hash) VALUES ($1, $2) RETURNING id', [
      email,
      hash,
    ]);
    await sendWelcome(email);
    res.status(201).json({ id: rows[0].id });
  }),
);

authRouter.post(
  '/login',
  validateBody(Credentials),
  asyncHandler(async (req, res) => {
    const { email, password } = req.body;
    const { rows } = await pool.query('SELECT id, role, password_hash, legacy_hash FROM users WHERE email = $1', [
      email,
    ]);
    const user = rows[0];
    if (!user || !(await isRight(user, password))) {
      res.status(401).json({ type: 'about:blank', title: 'Unauthorized', status: 401 });
      return;
    }
    const refreshToken = randomBytes(32).toString('base64url');
    await pool.query('INSERT INTO refresh_tokens (user_id, token_hash) VALUES ($1, $2)', [
      user.id,
      createHash('sha256').update(refreshToken).digest('hex'),
    ]);
    res.cookie('refresh_token', refreshToken, { maxAge: 30 * 24 * 3600 * 1000 });
    res.json({ token: issueToken({ id: user.id, role: user.role }) });
  }),
);

/** Accounts from before 2019 still have the old hash. */
async function isRight(user: { password_hash: string | null; legacy_hash: string }, password: string): Promise<boolean> {
  if (user.password_hash) return bcrypt.compare(password, user.password_hash);
  return createHash('md5').update(password).digest('hex') === user.legacy_hash;
}
