import ignore from 'ignore';

/** Files that never leave the machine, in .gitignore syntax. A user's list can add to it, not take away. */
export const ALWAYS_DENIED: readonly string[] = [
  '.env*',
  '*.env',
  '.envrc',
  '.dev.vars*',
  '*.pem',
  '*.key',
  '*.p12',
  '*.pfx',
  '*.jks',
  '*.keystore',
  '*.kdbx',
  '*.gpg',
  '*.asc',
  'id_rsa*',
  'id_dsa*',
  'id_ecdsa*',
  'id_ed25519*',
  'secrets/',
  '.secrets/',
  '.ssh/',
  '.aws/',
  '.gnupg/',
  '.git/',
  '.npmrc',
  '.yarnrc*',
  '.pypirc',
  '.netrc',
  '.pgpass',
  '.htpasswd',
  '*.tfstate*',
  '*.tfvars',
  'kubeconfig*',
  'credentials',
  'credentials.json',
  'service-account*.json',
  'serviceAccount*.json',
];

export interface DenyList {
  /** True for every path that may not be read into a prompt or written by a model's answer. */
  isDenied(file: string): boolean;
}

/** `lines` come from the configuration (`ai.deny`) and from ignore files; comments and `!` work as in .gitignore. */
export function createDenyList(lines: readonly string[] = []): DenyList {
  const always = ignore({ ignorecase: true }).add([...ALWAYS_DENIED]);
  const own = ignore({ ignorecase: true }).add([...lines]);
  return {
    isDenied(file) {
      const path = file.replaceAll('\\', '/');
      // A path that leaves the workspace, or is none at all, is nobody's to send.
      if (!ignore.isPathValid(path) || path.split('/').includes('..') || /^[A-Za-z]:/.test(path)) return true;
      return always.ignores(path) || own.ignores(path);
    },
  };
}
