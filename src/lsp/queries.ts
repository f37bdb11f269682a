import type { Finding } from '../engine/model/finding.ts';
import { SEVERITIES } from '../engine/model/finding.ts';
import type { Knowledge } from '../knowledge/knowledge.ts';
import { reaches } from './diagnostics.ts';
import type { Folder } from './folder.ts';
import type { Folders } from './folders.ts';
import type { FindingView, RouteView, ScanSummary, TrendsOfFolder } from './protocol.ts';
import { inScope, scopeOf } from './scope.ts';
import { nameOf } from './uris.ts';
import { toFindingView, toRouteView, toTrendView } from './views.ts';

/** Answers to the questions of the views, over all workspace folders. */

/** Findings that are inside the scope of the folder's settings. */
export async function findingsInScope(folders: Folders, folder: Folder): Promise<readonly Finding[]> {
  // The scope is that of the report, so the report comes first.
  const findings = await folders.findings(folder);
  return inScope(await scopeOf(folder), findings);
}

export async function allFindings(folders: Folders, knowledge: Knowledge): Promise<readonly FindingView[]> {
  const lists = await Promise.all(
    folders.all().map(async folder => {
      if (!folder.settings.enable) return [];
      const findings = (await findingsInScope(folders, folder)).filter(each => reaches(each, folder.settings));
      const changed = await (await scopeOf(folder)).changed();
      return Promise.all(
        findings.map(each =>
          toFindingView(folder, each, { knowledge, changed: changed?.has(each.span.file) ?? false }),
        ),
      );
    }),
  );
  return lists.flat();
}

export async function allRoutes(folders: Folders): Promise<readonly RouteView[]> {
  const lists = await Promise.all(
    folders.all().map(async folder => {
      if (!folder.settings.enable) return [];
      await folder.report();
      const changed = await (await scopeOf(folder)).changed();
      const routes = await folder.session.routes();
      const views = await Promise.all(routes.map(route => toRouteView(folder, route, changed)));
      return views.filter(({ uri }) => folders.owns(folder, uri));
    }),
  );
  return lists.flat();
}

export async function allTrends(folders: Folders, knowledge: Knowledge): Promise<readonly TrendsOfFolder[]> {
  const enabled = folders.all().filter(({ settings }) => settings.enable);
  return Promise.all(
    enabled.map(async folder => {
      const findings = await Promise.all(
        (await folders.findings(folder)).map(each => toFindingView(folder, each, { knowledge, changed: false })),
      );
      const byPrint = new Map(findings.map(each => [each.fingerprint, each]));
      const trends = await folder.session.trends();
      return {
        folder: folder.uri,
        name: nameOf(folder.uri),
        trends: await Promise.all(trends.map(trend => toTrendView(folder, trend, byPrint))),
      };
    }),
  );
}

export async function scanAll(folders: Folders, fresh: boolean): Promise<ScanSummary> {
  const bySeverity: Record<Finding['severity'], number> = { error: 0, warning: 0, info: 0, hint: 0 };
  const problems: ScanSummary['problems'][number][] = [];
  const stats: ScanSummary['stats'][number][] = [];
  for (const folder of folders.all().filter(({ settings }) => settings.enable)) {
    if (fresh) folder.invalidate();
    const report = await folder.report();
    for (const finding of await folders.findings(folder)) {
      if (reaches(finding, folder.settings)) bySeverity[finding.severity]++;
    }
    problems.push(...report.problems);
    stats.push({ ...report.stats, folder: folder.uri });
  }
  return { findings: SEVERITIES.reduce((sum, each) => sum + bySeverity[each], 0), bySeverity, problems, stats };
}

/** Phases and the slowest rules of each folder's last scan, as Markdown. */
export async function timings(folders: Folders): Promise<string> {
  const parts = await Promise.all(
    folders.all().map(async folder => {
      const { stats } = await folder.report();
      const rules = Object.entries(stats.rules).sort(([, a], [, b]) => b - a);
      const size = `${stats.files} files, ${stats.lines} lines, ${stats.cachedFiles} files from the cache`;
      return [
        `## ${nameOf(folder.uri)}`,
        size,
        table('Phase', Object.entries(stats.phases)),
        table('Rule', rules),
      ].join('\n\n');
    }),
  );
  return `# Underpin timings\n\n${parts.join('\n\n')}\n`;
}

function table(heading: string, rows: readonly (readonly [string, number])[]): string {
  return [`| ${heading} | ms |`, '|---|---:|', ...rows.map(([name, ms]) => `| ${name} | ${ms.toFixed(1)} |`)].join(
    '\n',
  );
}
