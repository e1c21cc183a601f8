import { setTimeout as delay } from 'node:timers/promises';
import type { QueryExecutorProvider } from 'kysely';
import { newId } from '../process/ids.ts';
import type { Log } from '../process/log.ts';
import { AloneGate } from './alone-gate.ts';
import {
  bury,
  countQuarantined,
  deathsMax,
  deleteForgotten,
  deleteRisky,
  findRisky,
  keepSuspects,
  markQuarantined,
  markSeen,
  startAlone,
  startBeside,
  stopCounting,
} from './risky-work-store.ts';

/** A process that says nothing for so long is taken for dead. */
const silentMs = 5_000;
const signsOfLifeInTime = 5;
/**
 * Until a suspect runs again after its process fell silent: by then another one has taken the place of that process, so that of two replicas
 * one lives while a thing kills its way to the quarantine.
 */
const restMs = 20_000;
/** How long a call waits for another process to be done with the same thing, or to be known as dead. */
const heldMaxMs = 10_000;
const lookEveryMs = 250;

/** Processes died of this thing while it was alone in them: it is not tried again until an operator lets it go. */
export class Quarantined extends Error {
  readonly thing: string;

  constructor(thing: string) {
    super('this was at work, alone, in processes that died');
    this.thing = thing;
  }
}

/** Not now: another process has the thing at work, or died of it a moment ago. */
export class HeldElsewhere extends Error {
  readonly retryAfterSeconds: number;

  constructor(retryAfterMs: number) {
    super('another process has this at work, or died with it a moment ago');
    this.retryAfterSeconds = Math.max(1, Math.ceil(retryAfterMs / 1000));
  }
}

export interface RiskyWorkOptions {
  /** Of a database with `risky_work`. */
  readonly db: QueryExecutorProvider;
  readonly log: Log;
  /** Does the same work on something that is known to be good: a process that dies of that too says nothing of a suspect. */
  readonly prove: () => Promise<void>;
  readonly silentMs?: number;
  readonly restMs?: number;
}

export type TakeTurn = <Result>(go: () => Promise<Result>) => Promise<Result>;

/** One for the process, whatever services it runs: whichever of them dies, all do. */
const gate = new AloneGate();

/**
 * Work that may kill its process without a word: native code that crashes on a file, or takes all the memory. Its start is written
 * down before it begins. What was at work in a process that died is a suspect, and runs alone from then on; a thing in whose company three
 * processes died while nothing else was at work is quarantined. A process that is asked to stop, and one that is killed while several
 * are at work, counts against none.
 */
export class RiskyWork {
  readonly #options: RiskyWorkOptions;
  readonly #silentMs: number;
  readonly #restMs: number;
  readonly #processId = newId();
  /** At work here, and how many times each. */
  readonly #atWork = new Map<string, { count: number; readonly isSuspect: boolean }>();
  /** Ended, and not yet written down. */
  readonly #ended = new Map<string, 'done' | 'suspect'>();
  #proof: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #flushing: Promise<void> = Promise.resolve();
  #isStopping = false;

  constructor(options: RiskyWorkOptions) {
    this.#options = options;
    this.#silentMs = options.silentMs ?? silentMs;
    this.#restMs = options.restMs ?? restMs;
  }

  /**
   * Runs `work` on a thing, named by what it is and an id: "file/0197…". Throws Quarantined, HeldElsewhere, the signal's reason when it
   * aborts before the work began, and what `work` throws. Where the work has to queue, `takeTurn` does so, and calls when it is its turn.
   */
  async run<Result>(
    thing: string,
    signal: AbortSignal,
    work: () => Promise<Result>,
    takeTurn: TakeTurn = (go) => go(),
  ): Promise<Result> {
    for (;;) {
      const isSuspect = await this.#look(thing, signal);
      const outcome = await takeTurn(() =>
        gate.run(isSuspect, signal, async () => {
          if (isSuspect) await this.#prove();
          if (!(await this.#start(thing, isSuspect))) return undefined;
          return { result: await this.#work(thing, isSuspect, work) };
        }),
      );
      // Else somebody else began, or died, between the look and the start.
      if (outcome !== undefined) return outcome.result;
    }
  }

  countQuarantined(): Promise<number> {
    return countQuarantined(this.#options.db);
  }

  /** From now on what kills this process counts. */
  async startCounting(): Promise<void> {
    this.#isStopping = false;
    await deleteForgotten(this.#options.db);
  }

  /** The process was asked to stop: should it be killed because it takes its time, that counts against nothing. */
  async stopCounting(): Promise<void> {
    this.#isStopping = true;
    await stopCounting(this.#options.db, this.#processId).catch(this.#tell);
  }

  /** Behind the last work, or in the middle of it: nothing that this process leaves undone is a suspect. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    for (const [thing, { isSuspect }] of this.#atWork) this.#ended.set(thing, isSuspect ? 'suspect' : 'done');
    await this.#flush().catch(this.#tell);
  }

  /** Whether the thing is a suspect. Waits while another process has it at work. */
  async #look(thing: string, signal: AbortSignal): Promise<boolean> {
    const { db, log } = this.#options;
    const deadline = performance.now() + heldMaxMs;
    for (;;) {
      const row = await findRisky(db, thing);
      if (row === undefined) return false;
      if (row.deathCount >= deathsMax) return this.#refuse(thing, row.deathCount);
      if (row.processId === null) {
        if (row.silentMs < this.#restMs) throw new HeldElsewhere(this.#restMs - row.silentMs);
        return true;
      }
      if (row.processId === this.#processId) return false;
      const deathCount = await bury(db, { thing, processId: row.processId, silentMs: this.#silentMs });
      if (deathCount !== undefined) {
        log.warn({ thing, deathCount }, 'a process died while this was at work in it: it runs alone now');
        continue;
      }
      if (performance.now() > deadline) throw new HeldElsewhere(this.#silentMs);
      await delay(lookEveryMs, undefined, { signal }).catch(() => signal.throwIfAborted());
    }
  }

  async #refuse(thing: string, deathCount: number): Promise<never> {
    if (await markQuarantined(this.#options.db, thing)) {
      this.#options.log.error(
        { thing, deathCount },
        'quarantined: processes died while this was alone at work in them',
      );
    }
    throw new Quarantined(thing);
  }

  /** Once in the life of a process. */
  async #prove(): Promise<void> {
    this.#proof ??= this.#options.prove().catch((error: unknown) => {
      this.#proof = undefined;
      throw error;
    });
    await this.#proof;
  }

  async #start(thing: string, isSuspect: boolean): Promise<boolean> {
    const { db } = this.#options;
    const start = { thing, processId: this.#processId };
    // What ended here a moment ago may not be written down yet.
    await this.#flush();
    const startCount = await (isSuspect
      ? startAlone(db, { ...start, counts: !this.#isStopping })
      : startBeside(db, start));
    return startCount !== undefined;
  }

  async #work<Result>(thing: string, isSuspect: boolean, work: () => Promise<Result>): Promise<Result> {
    const held = this.#atWork.get(thing) ?? { count: 0, isSuspect };
    held.count += 1;
    this.#atWork.set(thing, held);
    this.#timer ??= setInterval(() => void this.#showLife(), this.#silentMs / signsOfLifeInTime).unref();
    let outcome: 'done' | 'suspect' = isSuspect ? 'suspect' : 'done';
    try {
      const result = await work();
      outcome = 'done';
      return result;
    } finally {
      held.count -= 1;
      if (held.count === 0) {
        this.#atWork.delete(thing);
        this.#ended.set(thing, outcome);
        await this.#flush().catch(this.#tell);
      }
    }
  }

  /** Writes down what ended; where the database is away, with the next sign of life. */
  #flush(): Promise<void> {
    const flushed = this.#flushing.then(async () => {
      for (const outcome of ['done', 'suspect'] as const) {
        const things = [...this.#ended].filter(([, how]) => how === outcome).map(([thing]) => thing);
        if (things.length === 0) continue;
        const end = outcome === 'done' ? deleteRisky : keepSuspects;
        await end(this.#options.db, { things, processId: this.#processId });
        for (const thing of things) this.#ended.delete(thing);
      }
    });
    this.#flushing = flushed.catch(() => {});
    return flushed;
  }

  async #showLife(): Promise<void> {
    try {
      if (this.#ended.size > 0) await this.#flush();
      const things = [...this.#atWork.keys()];
      if (things.length > 0) await markSeen(this.#options.db, { things, processId: this.#processId });
      else if (this.#ended.size === 0) {
        clearInterval(this.#timer);
        this.#timer = undefined;
      }
    } catch (error) {
      this.#tell(error);
    }
  }

  readonly #tell = (error: unknown): void => {
    this.#options.log.warn({ err: error }, 'risky work could not be written down; tried again');
  };
}
