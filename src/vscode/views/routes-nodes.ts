import path from 'node:path';
import * as vscode from 'vscode';
import type { PlacedEvidence, RouteView, StepView } from '../../lsp/protocol.ts';
import { ASPECTS, answers, isOpen, routeWords, VERDICT_WORDS } from '../../lsp/verdicts.ts';
import { toRange } from '../convert.ts';

export interface Group {
  readonly kind: 'group';
  readonly level: 'unit' | 'file';
  readonly id: string;
  readonly label: string;
  readonly children: readonly (Group | Route)[];
}

export interface Route {
  readonly kind: 'route';
  readonly route: RouteView;
}

/** One question asked of a route, its verdict and the steps that settle it. */
interface Aspect {
  readonly kind: 'aspect';
  readonly route: RouteView;
  readonly aspect: (typeof ASPECTS)[number];
}

/** What a request passes on its way to the handler. */
export interface Step {
  readonly kind: 'step';
  readonly route: RouteView;
  readonly aspect: Aspect['aspect'];
  readonly step: StepView;
}

interface Uses {
  readonly kind: 'uses';
  readonly label: 'Queries' | 'External calls';
  readonly route: RouteView;
  readonly list: readonly PlacedEvidence[];
}

interface Proof {
  readonly kind: 'proof';
  readonly proof: PlacedEvidence;
}

export type Node = Group | Route | Aspect | Step | Uses | Proof;

const VERDICT_ICONS = {
  yes: ['pass', 'testing.iconPassed'],
  no: ['error', 'problemsWarningIcon.foreground'],
  unknown: ['question', ''],
} as const;

const AUTH_ICONS = { yes: 'lock', no: 'unlock', unknown: undefined } as const;
const { Collapsed, Expanded, None } = vscode.TreeItemCollapsibleState;

/** Service, then file; a workspace of one service needs no level for it. */
export function toTree(routes: readonly RouteView[]): readonly Group[] {
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
  for (const route of routes) {
    const list = groups.get(key(route));
    if (list) list.push(route);
    else groups.set(key(route), [route]);
  }
  return [...groups].sort(([a], [b]) => a.localeCompare(b));
}

export function childrenOf(node: Node): readonly Node[] {
  switch (node.kind) {
    case 'group':
      return node.children;
    case 'route': {
      const { route } = node;
      const uses = [
        { kind: 'uses' as const, label: 'Queries' as const, route, list: route.queries },
        { kind: 'uses' as const, label: 'External calls' as const, route, list: route.calls },
      ];
      return [
        ...ASPECTS.map(aspect => ({ kind: 'aspect' as const, route, aspect })),
        ...uses.filter(({ list }) => list.length > 0),
      ];
    }
    case 'aspect':
      return stepsOf(node).map(step => ({ kind: 'step' as const, route: node.route, aspect: node.aspect, step }));
    case 'step':
      return node.step.evidence.map(proof => ({ kind: 'proof' as const, proof }));
    case 'uses':
      return node.list.map(proof => ({ kind: 'proof' as const, proof }));
    default:
      return [];
  }
}

/** For authentication everything on the way is shown, because nothing may be missing from a proof of absence. */
function stepsOf({ route, aspect }: Aspect): readonly StepView[] {
  return aspect.id === 'auth' ? route.steps : route.steps.filter(({ roles }) => answers(aspect.id, roles));
}

export function toItem(node: Node): vscode.TreeItem {
  switch (node.kind) {
    case 'group':
      return groupItem(node);
    case 'route':
      return routeItem(node.route);
    case 'aspect':
      return aspectItem(node);
    case 'step':
      return stepItem(node);
    case 'uses':
      return usesItem(node);
    default:
      return proofItem(node.proof);
  }
}

function groupItem(group: Group): vscode.TreeItem {
  const { level, id, label } = group;
  const routes = routesOf(group);
  const open = routes.filter(isOpen).length;
  const item = new vscode.TreeItem(label, Expanded);
  item.id = id;
  item.description = open > 0 ? `${routes.length}, ${open} open` : String(routes.length);
  item.iconPath = level === 'unit' ? new vscode.ThemeIcon('package') : vscode.ThemeIcon.File;
  if (level === 'file') item.resourceUri = vscode.Uri.parse(id);
  item.contextValue = level;
  item.accessibilityInformation = { label: `${label}, ${routes.length} routes, ${open} of them open` };
  return item;
}

function routesOf({ children }: Group): RouteView[] {
  return children.flatMap(child => (child.kind === 'route' ? [child.route] : routesOf(child)));
}

function routeItem(route: RouteView): vscode.TreeItem {
  const item = new vscode.TreeItem(`${route.method} ${route.path}`, Collapsed);
  const [auth, ...others] = routeWords(route);
  const words = [
    route.isPublic ? 'public' : ({ 'auth yes': 'protected', 'auth no': 'open' }[auth ?? ''] ?? auth),
    ...others,
  ];
  item.id = `${route.folder}#${route.id}`;
  item.description = words.join(' · ');
  item.iconPath = route.isPublic
    ? new vscode.ThemeIcon('globe')
    : verdictIcon(route.verdicts.auth, AUTH_ICONS[route.verdicts.auth]);
  item.contextValue = isOpen(route) ? 'route.open' : 'route';
  item.tooltip = tooltip(route);
  item.command = opener(route);
  item.accessibilityInformation = { label: `${route.method} ${route.path}, ${words.join(', ')}` };
  return item;
}

/** The proof chain, for reading without opening anything. */
function tooltip(route: RouteView): vscode.MarkdownString {
  const text = new vscode.MarkdownString();
  text.appendMarkdown('**').appendText(`${route.method} ${route.path}`).appendMarkdown(`** · ${route.framework}\n\n`);
  for (const [title, note] of [
    ['Public', route.isPublic],
    ['Incomplete', route.partial],
    ['Roles', route.roles.join(', ')],
  ] as const)
    if (note) text.appendMarkdown(`${title}: `).appendText(note).appendMarkdown('\n\n');
  if (route.steps.length === 0) text.appendText('Nothing stands before the handler.');
  for (const [at, step] of route.steps.entries())
    text
      .appendMarkdown(`${at + 1}. `)
      .appendText(`${step.via}: ${step.why} (${placeOf(step)})`)
      .appendMarkdown('\n');
  return text;
}

function aspectItem(node: Aspect): vscode.TreeItem {
  const { route, aspect } = node;
  const verdict = route.verdicts[aspect.id];
  const item = new vscode.TreeItem(aspect.label, stepsOf(node).length > 0 ? Collapsed : None);
  item.id = `${route.folder}#${route.id}#${aspect.id}`;
  const details = detailsOf(route, aspect.id);
  item.description = details ? `${VERDICT_WORDS[verdict]} (${details})` : VERDICT_WORDS[verdict];
  item.iconPath = verdictIcon(verdict);
  item.accessibilityInformation = { label: `${aspect.label}: ${item.description}` };
  return item;
}

function detailsOf({ roles, input, isPublic }: RouteView, aspect: Aspect['aspect']['id']): string {
  if (aspect === 'auth') return isPublic ?? '';
  if (aspect === 'authorization') return roles.join(', ');
  if (aspect !== 'validation') return '';
  return Object.entries(input)
    .map(([part, verdict]) => `${part} ${VERDICT_WORDS[verdict]}`)
    .join(', ');
}

function stepItem({ aspect, step }: Step): vscode.TreeItem {
  const item = new vscode.TreeItem(step.why, step.evidence.length > 0 ? Collapsed : None);
  const proves = answers(aspect.id, step.roles);
  const isUnknown = step.roles.includes('unknown');
  item.description = `${step.via} · ${placeOf(step)}`;
  item.iconPath = isUnknown
    ? verdictIcon('unknown')
    : proves
      ? verdictIcon('yes')
      : new vscode.ThemeIcon('circle-small');
  item.contextValue = step.name !== undefined && !answers('auth', step.roles) ? 'step.nameable' : 'step';
  item.tooltip = `${step.via}: ${step.why}\n${placeOf(step)}`;
  item.command = opener(step);
  item.accessibilityInformation = { label: `${step.why}, ${step.via}, ${placeOf(step)}` };
  return item;
}

function usesItem({ label, route, list }: Uses): vscode.TreeItem {
  const item = new vscode.TreeItem(label, Collapsed);
  item.id = `${route.folder}#${route.id}#${label}`;
  item.description = String(list.length);
  item.iconPath = new vscode.ThemeIcon(label === 'Queries' ? 'database' : 'radio-tower');
  item.accessibilityInformation = { label: `${list.length} ${label}` };
  return item;
}

function proofItem(proof: PlacedEvidence): vscode.TreeItem {
  const item = new vscode.TreeItem(proof.message);
  item.description = placeOf(proof);
  item.tooltip = `${proof.message}\n${placeOf(proof)}`;
  item.command = opener(proof);
  item.accessibilityInformation = { label: `${proof.message}, ${placeOf(proof)}` };
  return item;
}

function placeOf({ uri, range }: Pick<PlacedEvidence, 'uri' | 'range'>): string {
  return `${path.posix.basename(vscode.Uri.parse(uri).path)}:${range.start.line + 1}`;
}

function verdictIcon(verdict: keyof typeof VERDICT_ICONS, name?: string): vscode.ThemeIcon {
  const [fallback, color] = VERDICT_ICONS[verdict];
  return new vscode.ThemeIcon(name ?? fallback, color ? new vscode.ThemeColor(color) : undefined);
}

function opener({ uri, range }: Pick<PlacedEvidence, 'uri' | 'range'>): vscode.Command {
  return {
    title: 'Open',
    command: 'vscode.open',
    arguments: [vscode.Uri.parse(uri), { selection: toRange(range), preview: true }],
  };
}
