/** The one spelling of a path inside a workspace: forward slashes, no `./`, no doubled or trailing slash. */
export function toPosixPath(path: string): string {
  const parts = path.replaceAll('\\', '/').split('/');
  const kept: string[] = [];
  for (const [at, part] of parts.entries()) {
    if (part === '.' || (part === '' && at > 0)) continue;
    if (part === '..' && kept.length > 0 && kept.at(-1) !== '..' && kept.at(-1) !== '') kept.pop();
    else kept.push(part);
  }
  return kept.join('/');
}

/** The folder of a workspace-relative POSIX path; '' for the workspace root. */
export function folderOf(file: string): string {
  const slash = file.lastIndexOf('/');
  return slash < 0 ? '' : file.slice(0, slash);
}

/** True if `file` lies in `folder` or below; '' is the workspace root. */
export function isInside(folder: string, file: string): boolean {
  return folder === '' || file === folder || file.startsWith(`${folder}/`);
}
