import * as vscode from 'vscode';
import type { FindingView } from '../../lsp/protocol.ts';
import { toRange } from '../convert.ts';
import { run, type Services } from '../services.ts';

const GROUPINGS = { theme: 'By trend', ruleId: 'By rule', file: 'By file' } as const;
type Grouping = keyof typeof GROUPINGS;

const SEVERITIES = ['error', 'warning', 'info', 'hint'] as const;
type Severity = (typeof SEVERITIES)[number];

interface State {
  readonly grouping: Grouping;
  /** The least severe findings shown. */
  readonly severity: Severity;
  readonly scope: 'all' | 'changed';
}

const INITIAL: State = { grouping: 'theme', severity: 'hint', scope: 'all' };
const STATE_KEY = 'underpin.findings';

interface Group {
  readonly kind: 'group';
  readonly by: Grouping;
  readonly name: string;
  readonly label: string;
  readonly findings: readonly FindingView[];
  /** For `fixAllOfRule`, when the group is a rule. */
  readonly ruleId?: string;
}

interface Leaf {
  readonly kind: 'finding';
  readonly finding: FindingView;
}

type Node = Group | Leaf;

export interface FindingsTree extends vscode.Disposable {
  refresh(): Promise<void>;
  setScope(scope: State['scope']): void;
  chooseGrouping(): Promise<void>;
  chooseFilter(): Promise<void>;
  /** What the tree shows, for tests and for telling whether it is empty. */
  groups(): Promise<readonly Group[]>;
}

/** Findings as a tree, by trend, rule or file. */
export function createFindingsTree(services: Services): FindingsTree {
  const { client, context } = services;
  const changed = new vscode.EventEmitter<Node | undefined>();
  let state: State = { ...INITIAL, ...context.workspaceState.get<Partial<State>>(STATE_KEY) };
  let loaded: readonly FindingView[] | undefined;

  const view = vscode.window.createTreeView<Node>('underpin.findings', {
    showCollapseAll: true,
    treeDataProvider: {
      onDidChangeTreeData: changed.event,
      getTreeItem: toItem,
      async getChildren(node): Promise<Node[]> {
        if (!node) return [...(await groups())];
        return node.kind === 'group' ? node.findings.map(finding => ({ kind: 'finding' as const, finding })) : [];
      },
    },
  });

  async function load(): Promise<readonly FindingView[]> {
    loaded ??= (await run(services, 'findings', () => client.request('underpin/findings', {}), false)) ?? [];
    return loaded;
  }

  async function groups(): Promise<readonly Group[]> {
    const all = await load();
    const limit = SEVERITIES.indexOf(state.severity);
    const shown = all.filter(
      finding => SEVERITIES.indexOf(finding.severity) <= limit && (state.scope === 'all' || finding.changed),
    );
    const hidden = all.length - shown.length;
    view.description = state.scope === 'changed' ? 'changed files' : '';
    view.message = hidden > 0 ? `${hidden} more hidden by the filter.` : '';
    return group(shown, state.grouping);
  }

  function set(next: Partial<State>): void {
    state = { ...state, ...next };
    void context.workspaceState.update(STATE_KEY, state);
    changed.fire(undefined);
  }

  async function refresh(): Promise<void> {
    loaded = undefined;
    changed.fire(undefined);
  }

  client.onNotification('underpin/changed', () => void refresh());
  return {
    groups,
    refresh,
    setScope: scope => set({ scope }),

    async chooseGrouping() {
      const items = Object.entries(GROUPINGS).map(([grouping, label]) => ({
        label,
        grouping: grouping as Grouping,
        ...(grouping === state.grouping ? { description: 'current' } : {}),
      }));
      const picked = await vscode.window.showQuickPick(items, { title: 'Group findings' });
      if (picked) set({ grouping: picked.grouping });
    },

    async chooseFilter() {
      const scopes = [
        { label: 'All files', set: { scope: 'all' as const } },
        { label: 'Changed files only', set: { scope: 'changed' as const } },
      ];
      const severities = SEVERITIES.map(severity => ({
        label: severity === 'error' ? 'Errors only' : `${severity[0]?.toUpperCase()}${severity.slice(1)} and worse`,
        set: { severity },
      }));
      const separator = (label: string) => ({ label, kind: vscode.QuickPickItemKind.Separator, set: {} });
      const items = [separator('Scope'), ...scopes, separator('Severity'), ...severities];
      const picked = await vscode.window.showQuickPick(items, { title: 'Filter findings' });
      if (picked) set(picked.set);
    },

    dispose() {
      view.dispose();
      changed.dispose();
    },
  };
}

function group(findings: readonly FindingView[], by: Grouping): readonly Group[] {
  const names = new Map<string, FindingView[]>();
  for (const finding of findings) {
    const list = names.get(finding[by]);
    if (list) list.push(finding);
    else names.set(finding[by], [finding]);
  }
  return [...names]
    .map(([name, list]) => ({
      kind: 'group' as const,
      by,
      name,
      label: by === 'theme' ? (list[0]?.themeTitle ?? name) : name,
      findings: list.sort(compare),
      ...(by === 'ruleId' ? { ruleId: name } : {}),
    }))
    .sort((a, b) => compare(a.findings[0]!, b.findings[0]!) || a.name.localeCompare(b.name));
}

/** Worst first, then in reading order. */
function compare(a: FindingView, b: FindingView): number {
  return (
    SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
    a.file.localeCompare(b.file) ||
    a.range.start.line - b.range.start.line
  );
}

function toItem(node: Node): vscode.TreeItem {
  return node.kind === 'group' ? groupItem(node) : findingItem(node.finding);
}

function groupItem({ by, name, label, findings }: Group): vscode.TreeItem {
  const item = new vscode.TreeItem(label, vscode.TreeItemCollapsibleState.Expanded);
  item.id = `${by}:${name}`;
  item.description = String(findings.length);
  item.contextValue =
    by === 'ruleId' && findings.some(({ fixes }) => fixes.some(fix => fix.kind === 'auto')) ? 'fixableRule' : by;
  if (by === 'file' && findings[0]) {
    item.resourceUri = vscode.Uri.parse(findings[0].uri);
    item.iconPath = vscode.ThemeIcon.File;
  }
  item.accessibilityInformation = { label: `${label}, ${findings.length} finding${findings.length === 1 ? '' : 's'}` };
  return item;
}

function findingItem(finding: FindingView): vscode.TreeItem {
  const line = finding.range.start.line + 1;
  // Labels are plain text; the marks around names of the code would only be noise.
  const item = new vscode.TreeItem(finding.message.replaceAll('`', ''));
  item.id = `${finding.folder}#${finding.fingerprint}`;
  item.description = `${finding.file}:${line}`;
  item.iconPath = icon(finding.severity);
  item.contextValue = finding.fixes.some(fix => fix.kind === 'auto') ? 'finding.fixable' : 'finding';
  item.tooltip = new vscode.MarkdownString()
    .appendText(finding.message)
    .appendMarkdown(`\n\n\`${finding.ruleId}\` · ${finding.severity} · ${finding.confidence} confidence`);
  const selection = toRange(finding.range);
  item.command = {
    title: 'Open',
    command: 'vscode.open',
    arguments: [vscode.Uri.parse(finding.uri), { selection, preview: true }],
  };
  item.accessibilityInformation = { label: `${finding.severity}: ${finding.message} ${finding.file} line ${line}` };
  return item;
}

function icon(severity: Severity): vscode.ThemeIcon {
  const color = {
    error: 'problemsErrorIcon',
    warning: 'problemsWarningIcon',
    info: 'problemsInfoIcon',
    hint: 'problemsInfoIcon',
  }[severity];
  return new vscode.ThemeIcon(
    severity === 'hint' ? 'lightbulb' : severity,
    new vscode.ThemeColor(`${color}.foreground`),
  );
}
