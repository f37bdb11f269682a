import type { NextFunction, Request, Response } from 'express';
import jwt from 'jsonwebtoken';

const SECRET = process.env.JWT_SECRET ?? 'shop-development-secret';

export interface Caller {
  readonly id: number;
  readonly role: 'customer' | 'staff';
}

export function issueToken(caller: Caller): string {
  return jwt.sign({ id: caller.id, role: caller.role }, SECRET, { expiresIn: '15m' });
}

export function requireAuth(req: Request, res: Response, next: NextFunction): void {
  const header = req.headers.authorization;
  if (!header?.startsWith('Bearer ')) {
    res.status(401).json({ type: 'about:blank', title: 'Unauthorized', status: 401 });
    return;
  }
  try {
    res.locals.caller = jwt.verify(header.slice('Bearer '.length), SECRET, { algorithms: ['HS256'] }) as Caller;
    next();
  } catch {
    res.status(401).json({ type: 'about:blank', title: 'Unauthorized', status: 401 });
  }
}

export function requireStaff(_req: Request, res: Response, next: NextFunction): void {
  if ((res.locals.caller as Caller | undefined)?.role !== 'staff') {
    res.status(403).json({ type: 'about:blank', title: 'Forbidden', status: 403 });
    return;
  }
  next();
}
