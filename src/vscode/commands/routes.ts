import * as vscode from 'vscode';
import { plain } from '../../lsp/markdown.ts';
import type { RouteView, StepView } from '../../lsp/protocol.ts';
import { ASPECTS, VERDICT_WORDS } from '../../lsp/verdicts.ts';
import { openPlace, saveEdit } from '../convert.ts';
import { linkTo } from '../documents.ts';
import type { Services } from '../services.ts';
import type { RoutesTree } from '../views/routes-tree.ts';
import { toCurl } from './curl.ts';
import { pickRoute, pickStep } from './pick-route.ts';
import { type Commands, register } from './register.ts';

/** What can be done about one route. */
export function registerRouteCommands(services: Services, routes: RoutesTree): vscode.Disposable {
  const { client, documents } = services;

  async function teach(
    route: RouteView,
    key: 'guards' | 'publicRoutes',
    what: string,
    name?: string,
  ): Promise<boolean> {
    const ref = { folder: route.folder, route: route.id };
    const edit = await client.request('underpin/teach', { ...ref, key, ...(name === undefined ? {} : { name }) });
    if (!edit) throw new Error(`The settings say so already, or underpin.config.jsonc cannot be read: ${what}.`);
    const saved = await saveEdit(edit);
    void vscode.window.setStatusBarMessage(`Underpin: underpin.config.jsonc says that ${what}.`, 8000);
    return saved;
  }

  const commands: Commands = {
    async showProof(argument) {
      const route = await pickRoute(routes, argument, 'Show the proof of which route?');
      if (route) await documents.preview(`Route: ${route.method} ${route.path}`, proofPage(route));
    },
    async goToHandler(argument) {
      const route = await pickRoute(routes, argument, 'Go to the handler of which route?');
      if (route) await openPlace(route.handler ?? route);
    },
    async copyAsCurl(argument) {
      const route = await pickRoute(routes, argument, 'Copy which route?');
      if (!route) return;
      await vscode.env.clipboard.writeText(toCurl(route));
      void vscode.window.setStatusBarMessage('Underpin: copied as curl.', 5000);
    },
    async markPublic(argument) {
      const route = await pickRoute(routes, argument, 'Which route is public?');
      if (route) await teach(route, 'publicRoutes', `${route.method} ${route.path} is public`);
    },
    async markGuard(argument) {
      const route = await pickRoute(routes, argument, 'A guard of which route?');
      const name = route && (await pickStep(route, argument));
      if (route && name !== undefined) await teach(route, 'guards', `${name} is a guard`, name);
    },
    filterRoutes: () => routes.chooseFilter(),
  };
  return register(services, commands);
}

function proofPage(route: RouteView): string {
  const rows = ASPECTS.map(({ id, label }) => `| ${label} | ${VERDICT_WORDS[route.verdicts[id]]} |`);
  const input = Object.entries(route.input).map(([part, verdict]) => `| Checked ${part} | ${VERDICT_WORDS[verdict]} |`);
  const uses = (title: string, list: RouteView['queries']): string =>
    list.length > 0 ? `## ${title}\n\n${list.map(each => `- ${plain(each.message)} — ${place(each)}`).join('\n')}` : '';
  return [
    `# ${plain(`${route.method} ${route.path}`)}`,
    `> ${place(route)} · ${route.framework}${route.handler ? ` · handler ${place(route.handler)}` : ''}`,
    route.isPublic ? `Public: ${plain(route.isPublic)}` : '',
    route.partial ? `Incomplete: ${plain(route.partial)}` : '',
    ['| Question | Answer |', '|---|---|', ...rows, ...input].join('\n'),
    route.roles.length > 0 ? `Roles: ${plain(route.roles.join(', '))}` : '',
    '## On the way to the handler',
    route.steps.map(stepText).join('\n') || 'Nothing stands before the handler.',
    uses('Queries', route.queries),
    uses('External calls', route.calls),
  ]
    .filter(Boolean)
    .join('\n\n');
}

function stepText(step: StepView, at: number): string {
  const evidence = step.evidence.map(each => `   - ${plain(each.message)} — ${place(each)}`);
  return [`${at + 1}. *${step.level}* ${plain(step.via)}: ${plain(step.why)} — ${place(step)}`, ...evidence].join('\n');
}

function place(at: { readonly uri: string; readonly range: RouteView['range'] }): string {
  return linkTo(at, `${vscode.workspace.asRelativePath(vscode.Uri.parse(at.uri))}:${at.range.start.line + 1}`);
}
