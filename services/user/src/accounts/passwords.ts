import { refuse } from '@kilas/messages/refuse.ts';
import { newSecret } from '@kilas/platform/ids.ts';
import { hash, verify } from '@node-rs/argon2';

/** Argon2id (the library's default), 64 MiB, three passes (RFC 9106, second choice, with one lane): about 50 ms. */
const cost = { memoryCost: 65_536, timeCost: 3, parallelism: 1 };

/** More would take the threads and the memory that the rest of the process needs. */
const hashesAtOnceMax = 2;
const hashesWaitingMax = 64;

/** Hashes and verifies passwords on native threads, few at once; refuses with SERVICE_UNAVAILABLE when too many wait. */
export class Passwords {
  readonly #waiting: (() => void)[] = [];
  #running = 0;
  readonly #dummy = this.hash(newSecret());

  async hash(password: string): Promise<string> {
    return this.#inTurn(() => hash(normalise(password), cost));
  }

  /** Takes the same time when there is no hash to compare with, and answers false. */
  async verify(passwordHash: string | undefined, password: string): Promise<boolean> {
    const against = passwordHash ?? (await this.#dummy);
    const isRight = await this.#inTurn(() => verify(against, normalise(password)));
    return isRight && passwordHash !== undefined;
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running >= hashesAtOnceMax) {
      if (this.#waiting.length >= hashesWaitingMax) refuse('SERVICE_UNAVAILABLE');
      // Whoever finishes hands its place over: the count stays.
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    } else {
      this.#running += 1;
    }
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#running -= 1;
      else next();
    }
  }
}

/** One password, however a keyboard composes its characters (NIST SP 800-63B). */
function normalise(password: string): string {
  return password.normalize('NFKC');
}
