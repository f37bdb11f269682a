import { type CodeAction, CodeActionKind, type CodeActionParams, type Range } from 'vscode-languageserver';
import type { Finding } from '../engine/model/finding.ts';
import { reaches } from './diagnostics.ts';
import { fixesOf } from './fixes.ts';
import type { Folder } from './folder.ts';
import type { Folders } from './folders.ts';
import { COMMANDS, type FindingRef } from './protocol.ts';
import { suppression } from './suppress.ts';
import { guardCandidates, shortName, teachingOf } from './teach.ts';
import { toUri } from './uris.ts';

const FIX_ALL = `${CodeActionKind.SourceFixAll}.underpin`;

export const CODE_ACTION_KINDS = [CodeActionKind.QuickFix, FIX_ALL];

/** What an unresolved action remembers. */
interface ActionData extends FindingRef {
  readonly fix?: string;
}

export interface ActionContext {
  readonly folders: Folders;
  /** The client runs Underpin's commands itself and can ask for a reason, or a model. */
  readonly isOwnClient: boolean;
}

/** Actions on the findings that touch the range: verified fixes first, then what else can be done about them. */
export async function codeActions(
  ctx: ActionContext,
  { textDocument, range, context }: CodeActionParams,
): Promise<CodeAction[]> {
  await ctx.folders.ready;
  const place = ctx.folders.find(textDocument.uri);
  if (!place) return [];
  const wanted = context.only ?? [CodeActionKind.QuickFix];
  const { folder, file } = place;
  const all = (await ctx.folders.findings(folder)).filter(finding => reaches(finding, folder.settings));
  const findings = all.filter(finding => finding.span.file === file);
  const actions: CodeAction[] = [];
  if (wanted.some(kind => contains(kind, CodeActionKind.QuickFix))) {
    const touched = (
      await Promise.all(findings.map(async each => ((await touches(folder, each, range)) ? [each] : [])))
    ).flat();
    const perFinding = await Promise.all(touched.map(finding => actionsFor(ctx, folder, finding, all)));
    actions.push(...perFinding.flatMap(each => each.fixes), ...perFinding.flatMap(each => each.others));
  }
  if (context.only && wanted.some(kind => contains(kind, FIX_ALL) && kind !== '')) {
    actions.push(...(await fixAllOfFile(folder, file, findings)));
  }
  return actions;
}

/** Fills in the edit of a fix; the exam was passed when the action was listed. */
export async function resolveAction(ctx: ActionContext, action: CodeAction): Promise<CodeAction> {
  const data = action.data as ActionData | undefined;
  const folder = data && ctx.folders.get(data.folder);
  if (!data?.fix || !folder) return action;
  const fix = (await fixesOf(folder, data.fingerprint)).find(each => each.id === data.fix);
  return fix ? { ...action, edit: await folder.toEdit(fix.change) } : action;
}

async function actionsFor(
  ctx: ActionContext,
  folder: Folder,
  finding: Finding,
  all: readonly Finding[],
): Promise<{ fixes: CodeAction[]; others: CodeAction[] }> {
  const ref = { folder: folder.uri, fingerprint: finding.fingerprint };
  const kind = CodeActionKind.QuickFix;
  const verified = await fixesOf(folder, finding.fingerprint);
  const fixes = verified.map((fix, at) => ({
    title: fix.title,
    kind,
    isPreferred: at === 0,
    data: { ...ref, fix: fix.id } satisfies ActionData,
  }));

  const others: CodeAction[] = [];
  if (verified.some(fix => fix.kind === 'auto')) {
    // Where this finding is the only one, the fix itself is all there is to do.
    const { ruleId } = finding;
    const alike = all.filter(one => one.ruleId === ruleId && one.fixes.some(({ kind }) => kind === 'auto'));
    const here = alike.filter(({ span }) => span.file === finding.span.file);
    const inFile = { ruleId, uri: toUri(folder.uri, finding.span.file) };
    if (here.length > 1) others.push(command(`Fix all ‘${ruleId}’ in this file`, COMMANDS.fixAllOfRule, inFile));
    if (alike.length > here.length)
      others.push(command(`Fix all ‘${ruleId}’ in the workspace…`, COMMANDS.fixAllOfRule, { ruleId }));
  }
  if (TAUGHT.has(finding.ruleId)) others.push(...(await lessons(ctx, folder, finding)));
  if (ctx.isOwnClient) {
    if (await suppression(folder, finding, '')) {
      others.push(command(`Suppress ‘${finding.ruleId}’ here with a reason…`, COMMANDS.suppress, ref));
    }
    others.push(command(`Explain ‘${finding.ruleId}’`, COMMANDS.explain, ref));
    if (folder.settings.ai.provider !== 'none') {
      others.push(command(`Suggest a change for ‘${finding.ruleId}’ with AI…`, COMMANDS.suggest, ref));
    }
  } else {
    const change = await suppression(folder, finding, 'accepted');
    if (change) others.push({ title: `Suppress ‘${finding.ruleId}’ here`, kind, edit: await folder.toEdit(change) });
  }
  return { fixes, others };
}

/** Rules that are wrong where the settings know better. */
const TAUGHT = new Set(['security/missing-auth']);

/** What a person may know of the route: that one of its steps is a guard, or that it is meant to be open. */
async function lessons({ isOwnClient }: ActionContext, folder: Folder, { span }: Finding): Promise<CodeAction[]> {
  const route = (await folder.session.routes()).find(
    each => each.span.file === span.file && each.span.start === span.start,
  );
  if (!route) return [];
  const ref = { folder: folder.uri, route: route.id };
  const list = [
    ...guardCandidates(route).map(name => ({
      title: `This is a guard: ${shortName(name)}`,
      id: COMMANDS.markGuard,
      argument: { ...ref, name },
      teaching: teachingOf(route, 'guards', name),
    })),
    {
      title: `This route is public: ${route.method} ${route.path}`,
      id: COMMANDS.markPublic,
      argument: ref,
      teaching: teachingOf(route, 'publicRoutes'),
    },
  ];
  const actions = await Promise.all(
    list.map(async ({ title, id, argument, teaching }) => {
      const change = teaching && (await folder.session.teach(teaching));
      if (!change) return [];
      if (isOwnClient) return [command(title, id, argument)];
      return [{ title, kind: CodeActionKind.QuickFix, edit: await folder.toEdit(change) }];
    }),
  );
  return actions.flat();
}

/** Every automatic fix of the file, rule by rule; a rule whose fixes touch another rule's is left for the next run. */
async function fixAllOfFile(folder: Folder, file: string, findings: readonly Finding[]): Promise<CodeAction[]> {
  const rules = new Set(findings.filter(each => each.fixes.some(fix => fix.kind === 'auto')).map(each => each.ruleId));
  for (const rule of rules) {
    const fix = await folder.session.fixAll(rule, [file]);
    if (fix) return [{ title: fix.title, kind: FIX_ALL, edit: await folder.toEdit(fix.change) }];
  }
  return [];
}

async function touches(folder: Folder, finding: Finding, range: Range): Promise<boolean> {
  const lines = await folder.index(finding.span.file);
  return finding.span.start <= lines.offsetAt(range.end) && finding.span.end >= lines.offsetAt(range.start);
}

function command(title: string, id: string, argument: object): CodeAction {
  return { title, kind: CodeActionKind.QuickFix, command: { title, command: id, arguments: [argument] } };
}

/** Kinds are hierarchical: `source` asks for `source.fixAll` too. */
function contains(wanted: string, kind: string): boolean {
  return wanted === '' || kind === wanted || kind.startsWith(`${wanted}.`);
}
