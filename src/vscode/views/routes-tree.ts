import * as vscode from 'vscode';
import type { RouteView } from '../../lsp/protocol.ts';
import { isOpen } from '../../lsp/verdicts.ts';
import { run, type Services } from '../services.ts';
import { childrenOf, type Group, type Node, toItem, toTree } from './routes-nodes.ts';

/** Routes that somebody should look at; several filters show what any of them lets through. */
const FILTERS = {
  open: { label: 'Open', detail: 'Nothing asks who is calling.', lets: isOpen },
  unvalidated: {
    label: 'Unvalidated',
    detail: 'A part of the input is used without a check.',
    lets: ({ input }: RouteView) => Object.values(input).includes('no'),
  },
  unlimited: {
    label: 'Unlimited',
    detail: 'Nothing limits the rate of requests.',
    lets: ({ verdicts }: RouteView) => verdicts.rateLimit === 'no',
  },
  changed: {
    label: 'Changed',
    detail: 'The route, or something on its way, is in a changed file.',
    lets: ({ changed }: RouteView) => changed,
  },
} as const;
export type RouteFilter = keyof typeof FILTERS;

const STATE_KEY = 'underpin.routes';

export interface RoutesTree extends vscode.Disposable {
  reveal(routeId: string): Promise<void>;
  routes(): Promise<readonly RouteView[]>;
  /** Asks, unless the filters are given. */
  chooseFilter(given?: readonly RouteFilter[]): Promise<void>;
  /** What the tree shows, for tests. */
  shown(): Promise<readonly RouteView[]>;
}

/** The endpoints of the workspace with what is known about each: method, path, verdicts and their proof. */
export function createRoutesTree(services: Services): RoutesTree {
  const { client, context } = services;
  const changed = new vscode.EventEmitter<Node | undefined>();
  let loaded: Promise<readonly RouteView[]> | undefined;
  let tree: readonly Group[] | undefined;
  let filters = (context.workspaceState.get<readonly string[]>(STATE_KEY) ?? []).filter(isFilter);
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

  async function shown(): Promise<readonly RouteView[]> {
    const all = await routes();
    return filters.length === 0 ? all : all.filter(route => filters.some(filter => FILTERS[filter].lets(route)));
  }

  async function build(): Promise<readonly Group[]> {
    const [all, list] = await Promise.all([routes(), shown()]);
    const names = filters.map(filter => FILTERS[filter].label.toLowerCase()).join(', ');
    view.description = names;
    view.message = list.length < all.length ? `${list.length} of ${all.length} routes: ${names}.` : '';
    tree = toTree(list);
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

  function setFilters(next: readonly RouteFilter[]): void {
    filters = [...next];
    tree = undefined;
    void context.workspaceState.update(STATE_KEY, filters);
    changed.fire(undefined);
  }

  client.onNotification('underpin/changed', () => {
    loaded = undefined;
    tree = undefined;
    changed.fire(undefined);
  });
  return {
    routes,
    shown,

    async reveal(routeId) {
      const isHidden = !(await shown()).some(({ id }) => id === routeId);
      if (isHidden && (await routes()).some(({ id }) => id === routeId)) setFilters([]);
      if (!tree) await build();
      const node = [...parents.keys()].find(each => each.kind === 'route' && each.route.id === routeId);
      if (node) await view.reveal(node, { select: true, focus: true, expand: true });
    },

    async chooseFilter(given) {
      if (given) return setFilters(given);
      const items = (Object.keys(FILTERS) as RouteFilter[]).map(filter => ({
        filter,
        label: FILTERS[filter].label,
        detail: FILTERS[filter].detail,
        picked: filters.includes(filter),
      }));
      const picked = await vscode.window.showQuickPick(items, {
        title: 'Show which routes?',
        placeHolder: 'None chosen shows all of them.',
        canPickMany: true,
      });
      if (picked) setFilters(picked.map(({ filter }) => filter));
    },

    dispose() {
      view.dispose();
      changed.dispose();
    },
  };
}

function isFilter(name: string): name is RouteFilter {
  return Object.hasOwn(FILTERS, name);
}
