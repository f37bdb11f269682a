import { eachExprIn } from '../../link/env.ts';
import { definition, literalsOf } from '../../link/literals.ts';
import type { Model } from '../../link/model.ts';
import type { Operation } from '../../link/operations.ts';
import { alternatives, stringOf } from '../../link/values.ts';
import type { Expr } from '../../model/facts.ts';
import type { Span } from '../../model/span.ts';

/** An encryption or a signature that does not hold what it promises. */
export interface WeakCipher {
  readonly problem: 'algorithm' | 'mode' | 'password' | 'iv' | 'tag' | 'signature' | 'size';
  readonly span: Span;
  readonly data: Readonly<Record<string, string | number>>;
}

const BROKEN = /^(?:des|des3|3des|tripledes|rc2|rc4|arc4|bf|blowfish|cast5?|idea|seed)(?:-|$)|^(?:des-ede|des-ede3)/;
const AUTHENTICATED = /-(?:gcm|ccm|ocb)$|poly1305$/;
const WEAK_SIGNATURE = /(?:^|-)(?:md4|md5|sha1?)(?:$|with)/i;

export function weakCiphers(model: Model): WeakCipher[] {
  return [
    ...model.operations('cipher').flatMap(operation => ciphers(model, operation)),
    ...model.operations('sign').flatMap(signatures),
    ...model.operations('key-make').flatMap(sizes),
  ];
}

function ciphers(model: Model, operation: Operation): WeakCipher[] {
  const { args, is, span } = operation;
  const name = alternatives(args['algorithm']?.value ?? { k: 'unknown' }).map(stringOf);
  const algorithm = String(is['algorithm'] ?? name.find(one => one !== undefined) ?? '').toLowerCase();
  if (BROKEN.test(algorithm))
    return isPrescribed(operation) ? [] : [{ problem: 'algorithm', span, data: { algorithm } }];
  if (/-ecb$/.test(algorithm)) return [{ problem: 'mode', span, data: { algorithm } }];
  if (is['password']) return [{ problem: 'password', span, data: { call: String(is['password']) } }];
  if (is['decrypts']) {
    if (AUTHENTICATED.test(algorithm) && !(mentions(operation, 'setAuthTag') && mentions(operation, 'final')))
      return [{ problem: 'tag', span, data: { algorithm } }];
    // Where the same file encrypts, that is where it is to be changed.
    if (model.operationsIn(operation.file).some(one => one.kind === 'cipher' && !one.is['decrypts'])) return [];
  }
  const iv = args['iv'];
  return iv && isStatic(model, operation, iv.expr) ? [{ problem: 'iv', span: iv.span, data: { algorithm } }] : [];
}

/** The other side of these protocols accepts no other cipher: what is to be changed is the protocol. */
const PROTOCOL = /ntlm|lan_?man|ms_?chap|(?:^|[_-])vnc|Vnc|(?:^|[_-])rfb(?:[_-]|$)/i;

function isPrescribed({ file, site }: Operation): boolean {
  return PROTOCOL.test(file) || site.env.unit.facts.functions.some(({ name }) => PROTOCOL.test(name));
}

/** Whether the file finishes the decryption with the tag, in whichever function. */
function mentions({ site }: Operation, name: string): boolean {
  return site.env.unit.facts.functions.some(fn => {
    let found = false;
    eachExprIn(fn, e => {
      if (e.k === 'mem' && e.n === name) found = true;
    });
    return found;
  });
}

/** Written down, or an empty buffer that nothing fills. */
function isStatic({ program }: Model, { site, fn }: Operation, iv: Expr): boolean {
  const place = { env: site.env, expr: iv };
  if (iv.k === 'nil') return false;
  const written = literalsOf(program, place);
  if (written.length > 0) return written.every(({ fallbackOf, text }) => fallbackOf === undefined && text !== '');
  const { expr } = definition(program, place);
  if (isListOfNumbers(expr)) return true;
  if (expr.k !== 'call' || !makesBuffer(expr.f)) return false;
  const [first] = expr.a;
  if (first && isListOfNumbers(first)) return true;
  return first?.k === 'num' && !(iv.k === 'id' && isFilled(fn, iv.n));
}

function isListOfNumbers(e: Expr): boolean {
  return e.k === 'arr' && e.e.length > 0 && e.e.every(one => one.k === 'num');
}

function makesBuffer(f: Expr): boolean {
  if (f.k === 'id') return f.n === 'Uint8Array';
  return f.k === 'mem' && f.o.k === 'id' && f.o.n === 'Buffer' && ['alloc', 'allocUnsafe', 'from'].includes(f.n);
}

/** Given to something that may write into it, or written to by index. */
function isFilled(fn: Operation['fn'], name: string): boolean {
  let found = false;
  eachExprIn(fn, e => {
    if (e.k === 'assign' && e.l.k === 'idx' && e.l.o.k === 'id' && e.l.o.n === name) found = true;
    if (e.k !== 'call' || (e.f.k !== 'mem' && e.f.k !== 'id')) return;
    const isArgument = e.a.some(one => one.k === 'id' && one.n === name);
    const isOwner = e.f.k === 'mem' && e.f.o.k === 'id' && e.f.o.n === name;
    if ((isArgument && /fill|random|copy|set/i.test(e.f.n)) || (isOwner && /^(?:fill|set|write|copy)/.test(e.f.n)))
      found = true;
  });
  return found;
}

function signatures({ args, span, is }: Operation): WeakCipher[] {
  const algorithm = stringOf(args['algorithm']?.value) ?? '';
  return WEAK_SIGNATURE.test(algorithm) && !is['verifies'] ? [{ problem: 'signature', span, data: { algorithm } }] : [];
}

function sizes({ is, span }: Operation): WeakCipher[] {
  const { bits, minimum, type } = is;
  return typeof bits === 'number' && typeof minimum === 'number' && bits < minimum
    ? [{ problem: 'size', span, data: { bits, minimum, type: String(type) } }]
    : [];
}
