import path from 'node:path';
import * as vscode from 'vscode';
import type { RouteView } from '../../lsp/protocol.ts';
import { ASPECTS, VERDICT_WORDS } from '../../lsp/verdicts.ts';
import { toRange } from '../convert.ts';
import { run, type Services } from '../services.ts';

interface Group {
  readonly kind: 'group';
  readonly level: 'unit' | 'file';
  readonly id: string;
  readonly label: string;
  readonly children: readonly (Group | Route)[];
}

interface Route {
  readonly kind: 'route';
  readonly route: RouteView;
}

/** One question asked of a route, its verdict and the places that prove it. */
interface Aspect {
  readonly kind: 'aspect';
  readonly route: RouteView;
  readonly aspect: (typeof ASPECTS)[number];
}

interface Proof {
  readonly kind: 'proof';
  readonly step: RouteView['proof'][number];
}

type Node = Group | Route | Aspect | Proof;

const VERDICT_ICONS = {
  yes: ['pass', 'testing.iconPassed'],
  no: ['error', 'problemsWarningIcon.foreground'],
  unknown: ['question', ''],
} as const;

export interface RoutesTree extends vscode.Disposable {
  reveal(routeId: string): Promise<void>;
  routes(): Promise<readonly RouteView[]>;
}

/** The endpoints of the workspace with what is known about each: method, path, verdicts and their proof. */
export function createRoutesTree(services: Services): RoutesTree {
  const { client } = services;
  const changed = new vscode.EventEmitter<Node | undefined>();
  let loaded: Promise<readonly RouteView[]> | undefined;
  let tree: readonly Group[] = [];
  const parents = new Map<Node, Node>();

  const view = vscode.window.createTreeView<Node>('underpin.routes', {
    showCollapseAll: true,
    treeDataProvider: {
      onDidChangeTreeData: changed.event,
      getTreeItem: toItem,
      getParent: node => parents.get(node),
      getChildren: async node => [...(node ? childrenOf(node) : await build())],
    },
  });

  async function routes(): Promise<readonly RouteView[]> {
    loaded ??= run(services, 'routes', () => client.request('underpin/routes', {}), false).then(list => list ?? []);
    return loaded;
  }

  async function build(): Promise<readonly Group[]> {
    tree = toTree(await routes());
    parents.clear();
    const link = (parent: Group): void => {
      for (const child of parent.children) {
        parents.set(child, parent);
        if (child.kind !== 'route') link(child);
      }
    };
    tree.forEach(link);
    return tree;
  }

  client.onNotification('underpin/changed', () => {
    loaded = undefined;
    tree = [];
    changed.fire(undefined);
  });
  return {
    routes,
    async reveal(routeId) {
      await routes();
      if (tree.length === 0) await build();
      const node = [...parents.keys()].find(each => each.kind === 'route' && each.route.id === routeId);
      if (node) await view.reveal(node, { select: true, focus: true, expand: true });
    },
    dispose() {
      view.dispose();
      changed.dispose();
    },
  };
}

/** Service, then file; a workspace of one service needs no level for it. */
function toTree(routes: readonly RouteView[]): readonly Group[] {
  const units = groupBy(routes, ({ folder, unit }) => `${folder}|${unit}`).map(([id, list]) => ({
    kind: 'group' as const,
    level: 'unit' as const,
    id,
    label:
      list[0]?.unit ||
      decodeURIComponent(list[0]?.folder ?? '')
        .split('/')
        .at(-1) ||
      'workspace',
    children: groupBy(list, ({ uri }) => uri).map(([uri, inFile]) => ({
      kind: 'group' as const,
      level: 'file' as const,
      id: uri,
      label: inFile[0]?.file ?? uri,
      children: inFile.map(route => ({ kind: 'route' as const, route })),
    })),
  }));
  return units.length === 1 ? (units[0]?.children ?? []) : units;
}

function groupBy(routes: readonly RouteView[], key: (route: RouteView) => string): [string, RouteView[]][] {
  const groups = new Map<string, RouteView[]>();
  for (const route of routes) groups.set(key(route), [...(groups.get(key(route)) ?? []), route]);
  return [...groups].sort(([a], [b]) => a.localeCompare(b));
}

function childrenOf(node: Node): readonly Node[] {
  if (node.kind === 'group') return node.children;
  if (node.kind === 'route') return ASPECTS.map(aspect => ({ kind: 'aspect' as const, route: node.route, aspect }));
  if (node.kind === 'proof') return [];
  return node.route.proof
    .filter(step => step.aspect === node.aspect.id)
    .map(step => ({ kind: 'proof' as const, step }));
}

function toItem(node: Node): vscode.TreeItem {
  if (node.kind === 'group') return groupItem(node);
  if (node.kind === 'route') return routeItem(node.route);
  return node.kind === 'aspect' ? aspectItem(node) : proofItem(node.step);
}

function groupItem({ level, id, label, children }: Group): vscode.TreeItem {
  const item = new vscode.TreeItem(label, vscode.TreeItemCollapsibleState.Expanded);
  item.id = id;
  item.description = String(children.length);
  item.iconPath = level === 'unit' ? new vscode.ThemeIcon('package') : vscode.ThemeIcon.File;
  if (level === 'file') item.resourceUri = vscode.Uri.parse(id);
  item.contextValue = level;
  return item;
}

function routeItem(route: RouteView): vscode.TreeItem {
  const item = new vscode.TreeItem(`${route.method} ${route.path}`, vscode.TreeItemCollapsibleState.Collapsed);
  item.id = `${route.folder}#${route.id}`;
  const open = route.verdicts.auth === 'no' && !route.isPublic;
  const words = route.isPublic
    ? 'public'
    : { yes: 'protected', no: 'open', unknown: 'cannot tell' }[route.verdicts.auth];
  item.description = route.partial ? `${words}, incomplete` : words;
  item.iconPath = route.isPublic
    ? new vscode.ThemeIcon('globe')
    : verdictIcon(
        open ? 'no' : route.verdicts.auth,
        open ? 'unlock' : route.verdicts.auth === 'yes' ? 'lock' : undefined,
      );
  item.contextValue = 'route';
  item.tooltip = [`${route.method} ${route.path}`, route.framework, route.isPublic, route.partial]
    .filter(Boolean)
    .join('\n');
  item.command = opener(route);
  item.accessibilityInformation = { label: `${route.method} ${route.path}, ${item.description}` };
  return item;
}

function aspectItem({ route, aspect }: Aspect): vscode.TreeItem {
  const verdict = route.verdicts[aspect.id];
  const proven = route.proof.some(step => step.aspect === aspect.id);
  const { Collapsed, None } = vscode.TreeItemCollapsibleState;
  const item = new vscode.TreeItem(aspect.label, proven ? Collapsed : None);
  item.id = `${route.folder}#${route.id}#${aspect.id}`;
  item.description = VERDICT_WORDS[verdict];
  item.iconPath = verdictIcon(verdict);
  item.accessibilityInformation = { label: `${aspect.label}: ${VERDICT_WORDS[verdict]}` };
  return item;
}

function proofItem(step: Proof['step']): vscode.TreeItem {
  const item = new vscode.TreeItem(step.message);
  const file = vscode.Uri.parse(step.uri);
  const line = step.range.start.line + 1;
  item.description = `${path.posix.basename(file.path)}:${line}`;
  item.tooltip = `${step.message}\n${vscode.workspace.asRelativePath(file)}:${line}`;
  item.command = opener(step);
  return item;
}

function verdictIcon(verdict: keyof typeof VERDICT_ICONS, name?: string): vscode.ThemeIcon {
  const [fallback, color] = VERDICT_ICONS[verdict];
  return new vscode.ThemeIcon(name ?? fallback, color ? new vscode.ThemeColor(color) : undefined);
}

function opener({ uri, range }: { uri: string; range: RouteView['range'] }): vscode.Command {
  return {
    title: 'Open',
    command: 'vscode.open',
    arguments: [vscode.Uri.parse(uri), { selection: toRange(range), preview: true }],
  };
}
