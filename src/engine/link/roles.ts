/** What a file is for. Only `source` is judged by default; the others still take part in resolution where useful. */
export type FileRole = 'source' | 'test' | 'example' | 'migration' | 'seed' | 'script' | 'config' | 'story';

const TEST =
  /(?:^|\/)(?:__tests__|__mocks__|__fixtures__|tests?|specs?|e2e|fixtures?|mocks?|testing|(?:[\w-]+-)?test-(?:utils|helpers)|dev-env|(?:integration|unit|functional|acceptance|smoke|system|load|api)-tests?|cypress|playwright)\/|[._-](?:test|spec|e2e-spec|e2e|mock|fixture|bench)\.[cm]?[jt]sx?$|(?:^|\/)(?:jest|vitest|karma|mocha|playwright|cypress)\.[\w.-]+$|(?:^|\/)(?:setup|global-setup)-?(?:tests?|jest|vitest)[\w.-]*$/i;
/** Helpers that stand beside what they test: `keyTestUtils.ts`, `test-utils.ts`. */
const TEST_HELPERS = /(?:^|\/)(?:\w*Test|test[-_]?)[uU]tils?\.[cm]?[jt]sx?$/;
const STORY = /\.stories\.[cm]?[jt]sx?$|(?:^|\/)\.storybook\//;
const MIGRATION = /(?:^|\/)migrations?\//i;
const SEED = /(?:^|\/)(?:seeds?|seeders?)\/|(?:^|\/)seed[\w.-]*\.[cm]?[jt]s$/i;
const EXAMPLE = /(?:^|\/)(?:examples?|samples?|demos?|playground|benchmarks?)\//i;
const SCRIPT =
  /(?:^|\/)(?:scripts?|tools?|bin|dev)\/|^tasks\/|(?:^|\/)(?:gulpfile|gruntfile|rollup|webpack|vite|esbuild|tsup)[\w.-]*\.[cm]?[jt]s$/i;
const CONFIG = /(?:^|\/)[\w.-]+\.config\.[cm]?[jt]s$|(?:^|\/)\.[\w-]+rc\.[cm]?js$/;

/** Files whose folders are the path they serve: `app/api/test/route.ts` answers /api/test and tests nothing. */
const SERVED = /^(.*?\/|)(?:app\/(?:.*\/)?(route\.[cm]?[jt]sx?)|pages\/api\/(?:.*\/)?([^/]+))$/;

/** Decides by the workspace-relative path alone. */
export function roleOf(file: string): FileRole {
  const served = SERVED.exec(file);
  const path = served ? `${served[1]}${served[2] ?? served[3]}` : file;
  if (TEST.test(path) || TEST_HELPERS.test(path)) return 'test';
  if (STORY.test(path)) return 'story';
  if (MIGRATION.test(path)) return 'migration';
  if (SEED.test(path)) return 'seed';
  if (CONFIG.test(path)) return 'config';
  if (EXAMPLE.test(path)) return 'example';
  return SCRIPT.test(path) ? 'script' : 'source';
}
