import type { Program } from '../link/program.ts';
import type { FunctionFact } from '../model/facts.ts';
import { type Entries, type Entry, entriesOf, holdsFor, keyOf, type Wanted } from './kept.ts';
import { addHit, emptySummary, type Hit } from './summary.ts';
import type { Solver } from './walk.ts';

/** Functions nested in one another before a way through them is cut. */
const DEPTH = 48;
const FLOW_LIMIT = 4000;

/** What a run over functions needs to know and may not change. */
export interface RunInput {
  readonly program: Program;
  /** Summaries of the last run, as far as edits left them standing; the new ones join them. */
  readonly kept: Entries;
  /** Parts of the request that something before a handler checked. */
  readonly checked: ReadonlyMap<FunctionFact, ReadonlySet<string>>;
  /** Looks at a function's body; what it calls is asked of the run. */
  walk(entry: Entry): void;
}

/** One run over functions, from roots to all that they call. */
export interface EntryRun extends Pick<Solver, 'found' | 'summaryOf'> {
  /** Summaries that were asked for. */
  readonly memo: Entries;
  readonly hits: ReadonlyMap<string, Hit>;
  compute(wanted: Wanted, key: string): Entry;
  /** Summaries that were not kept before. */
  readonly computed: readonly Entry[];
  /** Functions looked at. */
  readonly functions: number;
  /** Hits there was no room for. */
  readonly cut: number;
  /** What is kept did not fit together: nothing that was found counts. */
  readonly isBroken: boolean;
}

/** `isTrial`: only summaries are wanted, not what happens while they are worked out. */
export function createRun({ program, kept, checked, walk }: RunInput, isTrial = false): EntryRun {
  const { cells } = program;
  const memo: Entries = new Map();
  const running: Entry[] = [];
  const computed: Entry[] = [];
  const hits = new Map<string, Hit>();
  let functions = 0;
  let cut = 0;
  let replayed = 0;
  let isBroken = false;

  const count = (hit: Hit): void => {
    if (!addHit(hits, hit, FLOW_LIMIT)) cut++;
  };

  /** Lets everything happen again that happened while a summary was worked out, in the same order. */
  const replay = (entry: Entry): void => {
    entriesOf(memo, entry.func.fn).set(entry.key, entry);
    functions++;
    if (isTrial) return;
    replayed++;
    for (const one of entry.log) {
      if (!('entry' in one)) {
        count(one);
        continue;
      }
      const { fn } = one.func;
      const known = memo.get(fn)?.get(one.entry.key);
      if (known === one.entry) continue;
      const stands = !known && kept.get(fn)?.get(one.entry.key) === one.entry;
      if (!stands || running.length + replayed > DEPTH || !holdsFor(program, one.entry, one, checked.get(fn))) {
        isBroken = true;
        break;
      }
      replay(one.entry);
    }
    replayed--;
  };

  const compute = (wanted: Wanted, key: string): Entry => {
    const { func, given } = wanted;
    const own = entriesOf(kept, func.fn);
    const entry: Entry = { func, given, key, summary: emptySummary(), checked: checked.get(func.fn), log: [] };
    entriesOf(memo, func.fn).set(key, entry);
    own.set(key, entry);
    computed.push(entry);
    const before = cells.open(own, key);
    cells.read(func.fn);
    cells.keep(own, key);
    cells.doubtLater();
    cells.begin(own, key);
    running.push(entry);
    functions++;
    walk(entry);
    running.pop();
    cells.end();
    cells.leave(before);
    return entry;
  };

  return {
    memo,
    hits,
    compute,
    computed,
    found(hit) {
      running.at(-1)?.log.push(hit);
      count(hit);
    },
    summaryOf(func, given) {
      const wanted: Wanted = { func, given };
      const key = keyOf(wanted);
      const own = entriesOf(kept, func.fn);
      cells.meet(own, key);
      let entry = memo.get(func.fn)?.get(key);
      if (entry) {
        if (running.includes(entry)) cells.cut(own, key);
      } else if (running.length > DEPTH) {
        running.at(-1)!.summary.cut++;
        cells.limited();
        return emptySummary();
      } else {
        entry = own.get(key);
        if (entry && holdsFor(program, entry, wanted, checked.get(func.fn))) replay(entry);
        else entry = compute(wanted, key);
      }
      running.at(-1)?.log.push({ ...wanted, entry });
      return entry.summary;
    },
    get functions() {
      return functions;
    },
    get cut() {
      return cut;
    },
    get isBroken() {
      return isBroken;
    },
  };
}
