import dgram from 'node:dgram';
import dns from 'node:dns';
import { appendFileSync } from 'node:fs';
import http from 'node:http';
import http2 from 'node:http2';
import https from 'node:https';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';
import tls from 'node:tls';

// Loaded before a program (`node --import`): every way to the network is written to the file NETWORK_LOG and refused.
const log = process.env['NETWORK_LOG'];
if (!log) throw new Error('NETWORK_LOG names no file');

function refuse(owner: object, name: string, label: string): void {
  Object.defineProperty(owner, name, {
    configurable: true,
    writable: true,
    value() {
      appendFileSync(log!, `${label}\n`);
      throw new Error(`${label} was called`);
    },
  });
}

refuse(globalThis, 'fetch', 'fetch');
refuse(globalThis, 'WebSocket', 'WebSocket');
refuse(globalThis, 'EventSource', 'EventSource');
refuse(net.Socket.prototype, 'connect', 'net.Socket#connect');
refuse(net.Server.prototype, 'listen', 'net.Server#listen');
const doors: readonly (readonly [string, object, readonly string[]])[] = [
  ['net', net, ['connect', 'createConnection', 'createServer']],
  ['tls', tls, ['connect', 'createServer']],
  ['http', http, ['request', 'get', 'createServer']],
  ['https', https, ['request', 'get', 'createServer']],
  ['http2', http2, ['connect', 'createServer', 'createSecureServer']],
  ['dgram', dgram, ['createSocket']],
  ['dns', dns, ['lookup', 'lookupService', 'resolve', 'resolve4', 'resolve6', 'reverse']],
  ['dns.promises', dns.promises, ['lookup', 'lookupService', 'resolve', 'resolve4', 'resolve6', 'reverse']],
];
for (const [module, owner, names] of doors) for (const name of names) refuse(owner, name, `${module}.${name}`);
syncBuiltinESMExports();
