import type { NextFunction, Request, RequestHandler, Response } from 'express';

/** Express 4 does not wait for handlers; this hands a rejection to the error handler. */
export function asyncHandler(handle: (req: Request, res: Response) => Promise<unknown>): RequestHandler {
  return (req: Request, res: Response, next: NextFunction) => {
    handle(req, res).catch(next);
  };
}
