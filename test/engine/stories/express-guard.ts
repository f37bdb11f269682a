/** A guard that frameworks take which hand middleware of Express on. */
export const EXPRESS_GUARD = `
      import jwt from 'jsonwebtoken';
      export function requireUser(req, res, next) {
        try {
          req.user = jwt.verify(req.headers.authorization, process.env.JWT_SECRET);
        } catch {
          return res.status(401).end();
        }
        next();
      }`;
