import { roleOf } from './roles.ts';

const OTHER_PURPOSE =
  /(?:^|[._-])(?:dev|develop|development|local|debug|tests?|testing|e2e|ci|bench|builder|sample|example|examples|dist|devcontainer|gitpod|maildev|override|integration|installer)(?:[._-]|$)/i;
const OTHER_FOLDER =
  /(?:^|\/)(?:\.devcontainer|\.gitpod|\.github|\.circleci|\.gitlab|\.ci|ci|dev|local|devops\/ci|templates?|docs?|legacy|_?archived?|deprecated)\//i;

/**
 * Whether a Dockerfile, manifest or compose file describes what runs in production, by its path alone: files for
 * development, tests, examples, CI images and editors do not.
 */
export function isDeployFile(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const role = roleOf(path);
  return (
    (role === 'source' || role === 'config' || role === 'script') &&
    !OTHER_PURPOSE.test(name) &&
    !OTHER_FOLDER.test(path)
  );
}

/** Whether a build stage's name says that it is not what production runs. */
export function isDeployStage(name: string | undefined): boolean {
  return name === undefined || !OTHER_PURPOSE.test(name);
}
