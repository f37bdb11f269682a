import * as vscode from 'vscode';
import type { Client } from './client.ts';

const OPENAI = 'https://api.openai.com';

/** API keys, in VS Code's secret storage only, each bound to the origin of the endpoint it was given for. */
export interface Secrets {
  get(origin: string): Promise<string | undefined>;
  /** An empty key forgets the stored one. */
  set(origin: string, key: string): Promise<void>;
}

export function createSecrets({ secrets }: vscode.ExtensionContext): Secrets {
  return {
    get: async origin => secrets.get(name(origin)),
    async set(origin, key) {
      if (key === '') await secrets.delete(name(origin));
      else await secrets.store(name(origin), key);
    },
  };
}

/** Lets the server have the key for an endpoint while it talks to it; the server keeps none. */
export function serveSecrets(client: Client, secrets: Secrets): void {
  client.onRequest('underpin/secret', async ({ origin }) => {
    if (!vscode.workspace.isTrusted) return null;
    return (await secrets.get(origin)) ?? null;
  });
}

/** The origin of a base URL; empty means OpenAI's own endpoint. Undefined if it is no http(s) URL. */
export function originOf(baseUrl: string): string | undefined {
  if (baseUrl === '') return OPENAI;
  if (!URL.canParse(baseUrl)) return undefined;
  const { protocol, origin } = new URL(baseUrl);
  return protocol === 'https:' || protocol === 'http:' ? origin : undefined;
}

function name(origin: string): string {
  return `underpin.key:${origin}`;
}
