/** Names from user code must not become formatting, links or commands; what stands between backticks stays code. */
export function plain(text: string): string {
  const parts = text.split('`');
  if (parts.length % 2 === 0) return escaped(text);
  return parts.map((part, at) => (at % 2 === 1 ? `\`${part}\`` : escaped(part))).join('');
}

function escaped(text: string): string {
  return text.replace(/[\\`*_{}[\]()#+!|<>~]/g, '\\$&');
}
