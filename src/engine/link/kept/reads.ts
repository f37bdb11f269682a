import type { FileFacts, FunctionFact, Stmt } from '../../model/facts.ts';

/** Whoever wants to know what is looked at in facts while it works something out. */
export interface Reader {
  /** The body of a function was looked at, or something that only it decides. */
  body(fn: FunctionFact): void;
  /** What `memory` keeps of the bodies of a file was looked at. */
  file(memory: object, facts: FileFacts): void;
}

/** What `memory` keeps of the bodies of a file says something else since an edit. */
export interface Reread {
  readonly memory: object;
  readonly facts: FileFacts;
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

/**
 * A function whose body is an accessor. A class, because an accessor defined on an object that was parsed makes the
 * engine keep the object as a table, five times its size.
 */
class WatchedFunction {
  #body: readonly Stmt[];

  constructor({ body, ...head }: FunctionFact) {
    this.#body = body;
    Object.assign(this, head);
  }

  get body(): readonly Stmt[] {
    reader?.body(this as unknown as FunctionFact);
    return this.#body;
  }

  set body(body: readonly Stmt[]) {
    this.#body = body;
  }

  static bodyOf(fn: FunctionFact | WatchedFunction): readonly Stmt[] {
    return fn instanceof WatchedFunction ? fn.#body : fn.body;
  }
}

/** What a function says, for somebody who carries it out. */
export const bodyToRun: (fn: FunctionFact) => readonly Stmt[] = WatchedFunction.bodyOf;

export function isWatchedFunction(fn: FunctionFact): boolean {
  return fn instanceof WatchedFunction;
}

/** From now on whoever looks into the body of a function is seen; what the functions say stays the same. */
export function watchBodies({ functions }: FileFacts): void {
  const list = functions as FunctionFact[];
  for (const [position, fn] of functions.entries())
    if (!(fn instanceof WatchedFunction)) list[position] = new WatchedFunction(fn) as unknown as FunctionFact;
}
