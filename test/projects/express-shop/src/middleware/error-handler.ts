import type { NextFunction, Request, Response } from 'express';
import { logger } from '../logger.js';

export function errorHandler(error: unknown, req: Request, res: Response, next: NextFunction): void {
  if (res.headersSent) {
    next(error);
    return;
  }
  logger.error({ err: error, path: req.path }, 'request failed');
  res.status(500).json({ type: 'about:blank', title: 'Internal Server Error', status: 500 });
}
