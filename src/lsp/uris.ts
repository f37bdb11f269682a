/**
 * Workspace-relative POSIX paths and document URIs. Clients encode URIs differently (`c%3A` or `c:`, `%5B` or `[`), so URIs are
 * compared decoded and built on the folder's URI as the client sent it.
 */

export function toUri(folderUri: string, file: string): string {
  return `${trimSlash(folderUri)}/${file.split('/').map(encodeURIComponent).join('/')}`;
}

/** The path of `uri` inside the folder; undefined if it lies elsewhere. */
export function toFile(folderUri: string, uri: string): string | undefined {
  const folder = `${decode(trimSlash(folderUri))}/`;
  const path = decode(uri);
  return path.startsWith(folder) ? path.slice(folder.length) : undefined;
}

/** The last segment of a URI, decoded. */
export function nameOf(uri: string): string {
  return decode(trimSlash(uri)).split('/').at(-1) ?? '';
}

function trimSlash(uri: string): string {
  return uri.endsWith('/') ? uri.slice(0, -1) : uri;
}

function decode(uri: string): string {
  try {
    return decodeURIComponent(uri).replace(
      /^file:\/\/\/([A-Z]):/,
      (_, drive: string) => `file:///${drive.toLowerCase()}:`,
    );
  } catch {
    return uri;
  }
}
