import * as vscode from 'vscode';
import { fileFolders } from './vscode/capabilities.ts';
import { type Client, createClient } from './vscode/client.ts';
import { registerSuggestCommand } from './vscode/commands/ai.ts';
import { registerAiProviderCommands } from './vscode/commands/ai-provider.ts';
import { registerFindingCommands } from './vscode/commands/findings.ts';
import { registerReportCommands } from './vscode/commands/reports.ts';
import { registerRouteCommands } from './vscode/commands/routes.ts';
import { registerScanCommands } from './vscode/commands/scan.ts';
import { serveConfiguration } from './vscode/configuration.ts';
import { serveConsent } from './vscode/consent.ts';
import { showDiagnostics } from './vscode/diagnostics.ts';
import { createDocuments } from './vscode/documents.ts';
import { registerLanguageFeatures } from './vscode/language-features.ts';
import { serveLanguageModels } from './vscode/lm-provider.ts';
import { createSecrets, type Secrets, serveSecrets } from './vscode/secrets.ts';
import type { Services } from './vscode/services.ts';
import { showStatus } from './vscode/status-bar.ts';
import { syncTexts } from './vscode/text-sync.ts';
import { createFindingsTree, type FindingsTree } from './vscode/views/findings-tree.ts';
import { createRoutesTree, type RoutesTree } from './vscode/views/routes-tree.ts';
import { registerTrendsView } from './vscode/views/trends-view.ts';

/** What the tests of the running extension look at. */
export interface Api {
  readonly client: Client;
  readonly findings: FindingsTree;
  readonly routes: RoutesTree;
  readonly secrets: Secrets;
  /** Milliseconds `activate` took: by the clock, and of the processor, which other programs do not lengthen. */
  readonly activation: { readonly wall: number; readonly cpu: number };
}

/** Wires the surface together; the server is started after this returned, so activation costs the host nothing more. */
export function activate(context: vscode.ExtensionContext): Api {
  const start = performance.now();
  const cpu = process.cpuUsage();
  const log = vscode.window.createOutputChannel('Underpin', { log: true });
  const client = createClient(context, log);
  const documents = createDocuments(async id => (await client.request('underpin/page', { id }))?.markdown);
  const secrets = createSecrets(context);
  const services: Services = { context, client, log, documents, secrets };

  const findings = createFindingsTree(services);
  const routes = createRoutesTree(services);
  serveConsent(services);
  serveLanguageModels(client);
  serveSecrets(client, secrets);
  context.subscriptions.push(
    log,
    client,
    documents,
    findings,
    routes,
    registerTrendsView(services),
    serveConfiguration(client),
    showDiagnostics(services),
    syncTexts(client),
    registerLanguageFeatures(services),
    showStatus(services),
    registerScanCommands(services, { findings, routes }),
    registerFindingCommands(services),
    registerRouteCommands(services, routes),
    registerSuggestCommand(services),
    registerAiProviderCommands(services),
    registerReportCommands(services),
  );

  const wake = (): void => {
    const enabled = fileFolders().some(({ uri }) =>
      vscode.workspace.getConfiguration('underpin', uri).get('enable', true),
    );
    if (enabled) setImmediate(() => client.start().catch(error => log.error(`The server did not start: ${error}`)));
    void vscode.commands.executeCommand('setContext', 'underpin.active', enabled);
  };
  wake();
  context.subscriptions.push(
    vscode.workspace.onDidChangeWorkspaceFolders(wake),
    vscode.workspace.onDidChangeConfiguration(event => {
      if (event.affectsConfiguration('underpin.enable')) wake();
    }),
  );
  const { user, system } = process.cpuUsage(cpu);
  const activation = { wall: performance.now() - start, cpu: (user + system) / 1000 };
  return { client, findings, routes, secrets, activation };
}
