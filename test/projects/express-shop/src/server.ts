import { createApp } from './app.js';
import { env } from './config.js';
import { pool } from './db.js';
import { logger } from './logger.js';

const server = createApp().listen(env.PORT, () => logger.info({ port: env.PORT }, 'listening'));
server.requestTimeout = 30_000;

process.on('SIGTERM', () => {
  logger.info('shutting down');
  server.close(async () => {
    await pool.end();
    process.exit(0);
  });
  server.closeIdleConnections();
});
