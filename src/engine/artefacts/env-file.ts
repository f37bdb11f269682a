import { findSecrets } from '../../common/secrets.ts';
import type { EnvFileFacts, ValueShape } from '../model/artefacts/project.ts';
import { type ArtefactReader, baseName } from './reader.ts';

const TEMPLATE = /(?:^|[._-])(?:example|sample|template|dist|defaults?|schema|tpl)(?:$|[._-])/i;

/** Values stay in the file: only their place and shape become facts, so that no secret can reach a message. */
export const envFile: ArtefactReader<'env-file'> = {
  kind: 'env-file',

  matches(path) {
    const name = baseName(path);
    return /^(?:\.env(?:[._-][\w.-]+)?|\.?env[._-](?:example|sample|template|dist)|\.dev\.vars(?:[.-][\w.-]+)?|[\w-]+\.env)$/.test(
      name,
    );
  },

  read(path, text) {
    const variables: EnvFileFacts['variables'][number][] = [];
    // A quoted value may span lines; a bare one ends at a comment or at the line's end.
    const pattern =
      /^[^\S\r\n]*(?:export[^\S\r\n]+)?([A-Za-z_][\w.-]*)[^\S\r\n]*=[^\S\r\n]*("(?:[^"\\]|\\[\s\S])*"|'[^']*'|`[^`]*`|[^\r\n]*)/gm;
    for (const match of text.matchAll(pattern)) {
      const [whole, name = '', raw = ''] = match;
      const nameStart = match.index + whole.indexOf(name);
      const valueStart = match.index + whole.length - raw.length;
      variables.push({
        name: { value: name, start: nameStart, end: nameStart + name.length },
        value: valueShape(raw, valueStart),
      });
    }
    return { kind: 'env-file', problems: [], template: TEMPLATE.test(baseName(path)), variables };
  },
};

function valueShape(raw: string, start: number): ValueShape {
  const quoted = /^(["'`])[\s\S]*\1$/.test(raw) && raw.length > 1;
  const token = quoted ? raw : raw.replace(/(?:^|\s+)#.*$/, '').trimEnd();
  const value = quoted ? token.slice(1, -1) : token;
  const format = findSecrets(value).find(one => one.live)?.format;
  return {
    start,
    end: start + token.length,
    length: value.length,
    prefix: value.length >= 12 ? value.slice(0, 4) : '',
    quoted,
    shape: shapeOf(value),
    entropy: entropyOf(value),
    ...(format !== undefined && { format }),
  };
}

function shapeOf(value: string): ValueShape['shape'] {
  if (value === '') return 'empty';
  if (/^(?:true|false|yes|no|on|off)$/i.test(value)) return 'boolean';
  if (/^[+-]?\d+(?:\.\d+)?$/.test(value)) return 'number';
  if (/^\$[{(A-Z_]/i.test(value)) return 'reference';
  if (
    /^<.*>$|^\[.*\]$|^\{\{.*\}\}$|^x{3,}$|^\*+$|^\.{3}$|your[_\- ]|change[_-]?(?:me|it|this)|replace[_\- ]|example|placeholder|todo|dummy|insert[_\- ]|_here$|-here$/i.test(
      value,
    )
  )
    return 'placeholder';
  if (/^-----BEGIN /.test(value)) return 'pem';
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(value)) {
    return /^[^:]+:\/\/[^/\s:@]*:(?!\$)[^@/\s]+@/.test(value) ? 'url-with-password' : 'url';
  }
  if (/^eyJ[\w-]+\.[\w-]+\.[\w-]*$/.test(value)) return 'jwt';
  if (/^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i.test(value)) return 'uuid';
  if (/^[0-9a-f]{16,}$/i.test(value)) return 'hex';
  if (/^(?:\.{0,2}\/|~\/)[^\s]*$/.test(value)) return 'path';
  if (/^[A-Za-z][A-Za-z-]*$/.test(value) && value.length < 24) return 'word';
  if (/^[A-Za-z0-9+/_-]{16,}={0,2}$/.test(value)) return 'base64';
  return 'text';
}

function entropyOf(value: string): number {
  const counts = new Map<string, number>();
  for (const unit of value) counts.set(unit, (counts.get(unit) ?? 0) + 1);
  let total = 0;
  for (const count of counts.values()) total += count;
  let bits = 0;
  for (const count of counts.values()) bits -= (count / total) * Math.log2(count / total);
  return Math.round(Math.max(bits, 0) * 10) / 10;
}
