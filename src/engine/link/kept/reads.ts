import type { FileFacts, FunctionFact, Stmt } from '../../model/facts.ts';

/** Whoever wants to know what is looked at in facts while it works something out. */
export interface Reader {
  /** The body of a function was looked at, or something that only it decides. */
  body(fn: FunctionFact): void;
  /** What `memory` keeps of the bodies of a file was looked at. */
  file(memory: object, facts: FileFacts): void;
}

let reader: Reader | undefined;

/** Tells a reader what is looked at during some work; undefined: nobody. */
export function reading<T>(next: Reader | undefined, work: () => T): T {
  const before = reader;
  reader = next;
  try {
    return work();
  } finally {
    reader = before;
  }
}

export function noteBody(fn: FunctionFact): void {
  reader?.body(fn);
}

export function noteFile(memory: object, facts: FileFacts): void {
  reader?.file(memory, facts);
}

const BODY = Symbol('body');
type Watched = FunctionFact & { [BODY]: readonly Stmt[] };

const accessor: PropertyDescriptor & ThisType<Watched> = {
  get() {
    reader?.body(this);
    return this[BODY];
  },
  set(body: readonly Stmt[]) {
    this[BODY] = body;
  },
  enumerable: true,
  configurable: true,
};

/** What a function says, for somebody who carries it out. */
export function bodyToRun(fn: FunctionFact): readonly Stmt[] {
  return (fn as Partial<Watched>)[BODY] ?? fn.body;
}

/** From now on whoever looks into the body of a function is seen; what the function says stays the same. */
export function watchBody(fn: FunctionFact): void {
  if (BODY in fn) return;
  Object.defineProperty(fn, BODY, { value: fn.body, writable: true });
  Object.defineProperty(fn, 'body', accessor);
}
