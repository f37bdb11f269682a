import type { CancellationToken, Connection } from 'vscode-languageserver';
import type { ClientRequests } from './protocol.ts';

/** Asks the client; one that does not know Underpin gets no say and the answer is an error. */
export function askClient<Method extends keyof ClientRequests>(
  connection: Connection,
  method: Method,
  params: ClientRequests[Method]['params'],
  token?: CancellationToken,
): Promise<ClientRequests[Method]['result']> {
  // An undefined token would count as a second parameter.
  return token ? connection.sendRequest(method, params, token) : connection.sendRequest(method, params);
}
