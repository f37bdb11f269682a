import { wordsOf } from '../../../common/words.ts';
import { eachExpr } from '../../link/env.ts';
import type { Literal } from '../../link/literals.ts';
import type { Model } from '../../link/model.ts';
import type { Operation } from '../../link/operations.ts';
import { alternatives, stringOf, type Value } from '../../link/values.ts';
import type { Expr } from '../../model/facts.ts';
import { exposedLiterals } from './secret-uses.ts';

/** RFC 7518, section 3.2: a key for HS256 has at least as many bytes as the hash. */
const HS256_BYTES = 32;
const PUBLIC_KEY_WORDS = new Set(['public', 'pub', 'pem', 'cert', 'certificate', 'jwk', 'jwks']);

/** Keys of shared-secret signatures that are written down and short enough to be guessed from one token. */
export function shortKeys(model: Model): { readonly literal: Literal; readonly bytes: number }[] {
  const seen = new Set<string>();
  return exposedLiterals(model).flatMap(({ use: { operation }, literal }) => {
    const { text, fallbackOf, span } = literal;
    const bytes = new TextEncoder().encode(text).length;
    const place = `${span.file}:${span.start}`;
    if (!operation.kind.startsWith('jwt-') || fallbackOf !== undefined || bytes >= HS256_BYTES) return [];
    if (text.startsWith('-----BEGIN') || !usesSharedSecret(operation) || seen.has(place)) return [];
    seen.add(place);
    return [{ literal, bytes }];
  });
}

function usesSharedSecret({ args }: Operation): boolean {
  const options = args['options']?.value;
  if (options?.k !== 'object') return true;
  const named = options.props.get('algorithms') ?? options.props.get('algorithm');
  if (!named) return true;
  const all = named.k === 'array' ? named.items : [named];
  return all.some(one => stringOf(one)?.startsWith('HS'));
}

/**
 * Verifications with a public key that do not say which algorithms are fine, in a version that decides by the text of the
 * key: before 9, jsonwebtoken took HS256 for a key it did not recognise (CVE-2022-23541).
 */
export function confusableKeys(model: Model): { readonly operation: Operation; readonly library: string }[] {
  return model.operations('jwt-verify').flatMap(operation => {
    const { args, file, is } = operation;
    const key = args['key'];
    if (is['library'] !== 'jsonwebtoken' || !key || !isPublicKey(key.value, key.expr)) return [];
    const options = args['options']?.value;
    if (options && (options.k !== 'object' || options.open || options.props.has('algorithms'))) return [];
    const version = model.project.versionOf(file, 'jsonwebtoken');
    return version !== undefined && Number.parseInt(version, 10) < 9
      ? [{ operation, library: `jsonwebtoken ${version}` }]
      : [];
  });
}

function isPublicKey(value: Value, expr: Expr): boolean {
  const known = alternatives(value).some(
    one =>
      one.k === 'func' ||
      (one.k === 'env' && namesPublicKey(one.name)) ||
      stringOf(one)?.startsWith('-----BEGIN') === true,
  );
  if (known) return true;
  let found = false;
  eachExpr(expr, e => {
    if (e.k === 'id' || e.k === 'mem') found ||= namesPublicKey(e.n);
    if (e.k === 'str') found ||= /\.(?:pem|pub|crt|cer)$/.test(e.v);
  });
  return found;
}

function namesPublicKey(name: string): boolean {
  return wordsOf(name).some(word => PUBLIC_KEY_WORDS.has(word));
}
