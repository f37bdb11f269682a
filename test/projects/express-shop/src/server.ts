import { createApp } from './app.js';
import { pool } from './db.js';
import { logger } from './logger.js';

const port = Number(process.env.PORT ?? 3000);
const server = createApp().listen(port, () => logger.info({ port }, 'listening'));
server.requestTimeout = 30_000;

process.on('SIGTERM', () => {
  logger.info('shutting down');
  server.close(async () => {
    await pool.end();
    process.exit(0);
  });
  server.closeIdleConnections();
});
