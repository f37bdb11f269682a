import * as vscode from 'vscode';
import type { RouteView } from '../../lsp/protocol.ts';
import { answers, routeWords } from '../../lsp/verdicts.ts';
import { toRange } from '../convert.ts';
import type { RoutesTree } from '../views/routes-tree.ts';
import type { Argument } from './register.ts';

/** The route a command is about: the given one, that in the cursor's line, else the one the user picks. */
export async function pickRoute(tree: RoutesTree, argument: Argument, title: string): Promise<RouteView | undefined> {
  const routes = await tree.routes();
  const id = idOf(argument);
  if (id !== undefined) {
    const known = routes.find(each => each.id === id.route && (id.folder === undefined || each.folder === id.folder));
    if (!known) throw new Error('This route is gone; scan again.');
    return known;
  }
  const here = routes.filter(isUnderCursor);
  if (here.length === 1) return here[0];
  if (routes.length === 0) {
    void vscode.window.setStatusBarMessage('Underpin: there are no routes.', 5000);
    return undefined;
  }
  const items = (here.length > 0 ? here : routes).map(route => ({
    label: `${route.method} ${route.path}`,
    description: `${route.file}:${route.range.start.line + 1}`,
    detail: routeWords(route).join(' · '),
    route,
  }));
  return (await vscode.window.showQuickPick(items, { title, matchOnDescription: true }))?.route;
}

/** The step that the user says is a guard, by its name in the settings. */
export async function pickStep(route: RouteView, argument: Argument): Promise<string | undefined> {
  const given = (argument?.['step'] as { name?: unknown } | undefined)?.name ?? argument?.['name'];
  if (typeof given === 'string') return given;
  const steps = route.steps.filter(({ name, roles }) => name !== undefined && !answers('auth', roles));
  if (steps.length === 0) {
    void vscode.window.setStatusBarMessage(
      'Underpin: no step of this route has a name to put into the settings.',
      5000,
    );
    return undefined;
  }
  const items = steps.map(({ name = '', via, why }) => ({ label: name, description: via, detail: why }));
  return (await vscode.window.showQuickPick(items, { title: 'Which step is a guard?' }))?.label;
}

/** A tree item, or what a code action, a lens or a test names. */
function idOf(argument: Argument): { folder?: string; route: string } | undefined {
  const route = argument?.['route'];
  if (typeof route === 'string') {
    const folder = argument?.['folder'];
    return typeof folder === 'string' ? { folder, route } : { route };
  }
  const view = route as Partial<RouteView> | undefined;
  return view?.id === undefined ? undefined : { ...(view.folder ? { folder: view.folder } : {}), route: view.id };
}

function isUnderCursor({ uri, range, handler }: RouteView): boolean {
  const editor = vscode.window.activeTextEditor;
  if (!editor) return false;
  const here = editor.document.uri.toString();
  return [{ uri, range }, ...(handler ? [handler] : [])].some(
    place =>
      vscode.Uri.parse(place.uri).toString() === here &&
      toRange(place.range).start.line === editor.selection.active.line,
  );
}
