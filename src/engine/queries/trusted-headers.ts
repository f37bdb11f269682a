import { folderOf } from '../../common/path.ts';
import type { Model } from '../link/model.ts';
import type { Program } from '../link/program.ts';
import { requestOrigin } from '../link/request-value.ts';
import { stringOf, type Value } from '../link/values.ts';

/** The names a header was asked for by, in lower case; undefined for what is no header. */
export function headerNames(program: Program, value: Value): readonly string[] | undefined {
  const origin = requestOrigin(program, value);
  if (origin?.part !== 'headers' || value.k !== 'api') return undefined;
  const asked = (value.made?.args ?? []).flatMap(arg => stringOf(arg) ?? []);
  return [...origin.names, ...asked].map(name => name.toLowerCase());
}

/** Whether a value is a header that the settings say a trusted proxy sets: it names the caller like a verified token. */
export function isTrustedHeader({ program, settings }: Model, file: string, value: Value): boolean {
  const names = headerNames(program, value);
  if (!names) return false;
  const trusted = settings.configOf(folderOf(file)).trustedIdentityHeaders ?? [];
  return trusted.some(header => names.includes(header.toLowerCase()));
}
