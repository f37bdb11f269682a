import { type Hover, MarkupKind, type Position } from 'vscode-languageserver';
import type { Finding } from '../engine/model/finding.ts';
import type { Knowledge } from '../knowledge/knowledge.ts';
import type { RouteInfo, RuleInfo } from '../session/api.ts';
import { reaches } from './diagnostics.ts';
import { fixesOf } from './fixes.ts';
import type { Folder } from './folder.ts';
import type { Folders } from './folders.ts';
import { plain } from './markdown.ts';
import { explainLink } from './protocol.ts';
import { toUri } from './uris.ts';
import { ASPECTS, VERDICT_WORDS } from './verdicts.ts';

/** Steps of a proof in a hover, which is small; the explanation has all of them. */
const SHOWN_PROOF = 5;
/** Steps before a handler: the nearest say most. */
const SHOWN_STEPS = 8;

export interface HoverContext {
  readonly folders: Folders;
  readonly knowledge: Knowledge;
  /** The client runs Underpin's commands, also from links. */
  readonly isOwnClient: boolean;
}

/** Why the place is a problem, the proof, and what to do next; on a route without one, its verdicts. */
export async function hover(ctx: HoverContext, uri: string, position: Position): Promise<Hover | null> {
  const { folders } = ctx;
  await folders.ready;
  const place = folders.find(uri);
  if (!place?.folder.settings.hover || !place.folder.settings.enable) return null;
  const { folder, file } = place;
  const offset = (await folder.index(file)).offsetAt(position);
  const here = (await folders.findings(folder)).filter(
    ({ span, ...finding }) =>
      span.file === file &&
      span.start <= offset &&
      offset <= span.end &&
      reaches({ span, ...finding }, folder.settings),
  );
  const rules = new Map(folder.session.rules().map(rule => [rule.id, rule]));
  const parts = await Promise.all(here.map(finding => describe(ctx, folder, finding, rules.get(finding.ruleId))));
  if (parts.length === 0) {
    const route = (await folder.session.routes()).find(
      ({ span }) => span.file === file && span.start <= offset && offset <= span.end,
    );
    if (!route) return null;
    parts.push(await describeRoute(folder, route));
  }
  return { contents: { kind: MarkupKind.Markdown, value: parts.join('\n\n---\n\n') } };
}

async function describe(
  { knowledge, isOwnClient }: HoverContext,
  folder: Folder,
  finding: Finding,
  rule: RuleInfo | undefined,
): Promise<string> {
  const page = knowledge.rule(finding.ruleId);
  const proof = await Promise.all(
    finding.evidence
      .slice(0, SHOWN_PROOF)
      .map(async ({ span, message }, at) => `${at + 1}. ${plain(message)} ${await link(folder, span)}`),
  );
  const hidden = finding.evidence.length - proof.length;
  const more = hidden > 0 ? `\n\n${hidden} more in the full explanation.` : '';
  const fixes = await fixesOf(folder, finding.fingerprint);
  const next = fixes[0] ? `**Next step:** ${plain(fixes[0].title)} (quick fix, checked).` : '';
  const about = [
    `${finding.severity}, ${finding.confidence} confidence`,
    ...finding.cwe.map(id => `CWE-${id}`),
    ...finding.owasp,
  ];
  const target = isOwnClient
    ? explainLink({ folder: folder.uri, fingerprint: finding.fingerprint })
    : rule && URL.canParse(rule.docs) && rule.docs;
  const name = target ? `[${finding.ruleId}](${target})` : `\`${finding.ruleId}\``;
  return [
    `**${plain(rule?.title ?? page?.title ?? finding.ruleId)}**`,
    page?.summary ? plain(page.summary) : '',
    next,
    proof.length > 0 ? `**Proof**\n\n${proof.join('\n')}${more}` : '',
    `${name} · ${about.join(' · ')}`,
  ]
    .filter(Boolean)
    .join('\n\n');
}

async function describeRoute(folder: Folder, route: RouteInfo): Promise<string> {
  const rows = ASPECTS.map(({ id, label }) => `- ${label}: **${VERDICT_WORDS[route.verdicts[id]]}**`);
  const shown = route.steps.slice(-SHOWN_STEPS);
  const first = route.steps.length - shown.length + 1;
  const chain = await Promise.all(
    shown.map(
      async ({ via, why, span }, at) => `${first + at}. ${plain(via)}: ${plain(why)} ${await link(folder, span)}`,
    ),
  );
  const hidden = first > 1 ? `\n\n${first - 1} more before them in the Routes view.` : '';
  const handler = route.handler ? `Handler ${await link(folder, route.handler)}` : '';
  const notes = [
    route.isPublic && `Public: ${plain(route.isPublic)}`,
    route.partial && `Incomplete: ${plain(route.partial)}`,
    chain.length > 0 && `**On the way**\n\n${chain.join('\n')}${hidden}`,
    handler,
  ];
  return [`**${route.method} ${plain(route.path)}** · ${route.framework}`, rows.join('\n'), ...notes]
    .filter(Boolean)
    .join('\n\n');
}

async function link(folder: Folder, span: Finding['span']): Promise<string> {
  const { line } = (await folder.index(span.file)).positionAt(span.start);
  return `[${plain(span.file)}:${line + 1}](${toUri(folder.uri, span.file)}#L${line + 1})`;
}
