import { refusal } from '@kilas/messages/refuse.ts';
import { newSecret } from '@kilas/platform/process/ids.ts';
import { FairLine } from '@kilas/platform/turns/fair-line.ts';
import { hash, verify } from '@node-rs/argon2';

/** Argon2id (the library's default), 64 MiB, three passes (RFC 9106, second choice, with one lane): about 50 ms. */
const cost = { memoryCost: 65_536, timeCost: 3, parallelism: 1 };

/** More would take the threads and the memory that the rest of the process needs. */
const hashesAtOnceMax = 2;
/** More than one address may ask for in a quarter of an hour, see `openLimits`; half a minute of work. */
const hashesWaitingMax = 1_000;

/** Who asks, from the widest to the narrowest: of those who wait each address has its turn, and of an address each login. */
export interface Asker {
  /** Where this login has signed in from this address before, it waits apart from all others. */
  readonly isFamiliar: boolean;
  readonly address: string;
  /** An e-mail address or a name, or what was made of it. */
  readonly login: string;
}

interface Waiting {
  readonly keys: readonly string[];
  readonly start: () => void;
  readonly leave: (error: Error) => void;
}

/**
 * Hashes and verifies passwords on native threads, few at once. Refuses with SERVICE_UNAVAILABLE when too many wait, first those of whom
 * there are most.
 */
export class Passwords {
  readonly #line: FairLine<Waiting>;
  #running = 0;
  readonly #dummy: Promise<string>;

  constructor({ waitingMax = hashesWaitingMax } = {}) {
    this.#line = new FairLine(waitingMax);
    this.#dummy = this.hash(newSecret(), { isFamiliar: true, address: '', login: '' });
  }

  async hash(password: string, asker: Asker): Promise<string> {
    return this.#inTurn(asker, () => hash(normalise(password), cost));
  }

  /** Takes the same time when there is no hash to compare with, and answers false. */
  async verify(passwordHash: string | undefined, password: string, asker: Asker): Promise<boolean> {
    const against = passwordHash ?? (await this.#dummy);
    const isRight = await this.#inTurn(asker, () => verify(against, normalise(password)));
    return isRight && passwordHash !== undefined;
  }

  async #inTurn<T>({ isFamiliar, address, login }: Asker, work: () => Promise<T>): Promise<T> {
    const keys = [isFamiliar ? 'familiar' : 'new', address, login];
    await this.#turn(keys);
    try {
      return await work();
    } finally {
      this.#line.end(keys);
      const next = this.#line.next();
      // Whoever finishes hands its place over: the count stays.
      if (next === undefined) this.#running -= 1;
      else next.start();
    }
  }

  async #turn(keys: readonly string[]): Promise<void> {
    if (this.#running < hashesAtOnceMax) {
      this.#running += 1;
      this.#line.begin(keys);
      return;
    }
    await new Promise<void>((start, leave) => {
      this.#line.add({ keys, start, leave })?.leave(refusal('SERVICE_UNAVAILABLE'));
    });
  }
}

/** One password, however a keyboard composes its characters (NIST SP 800-63B). */
function normalise(password: string): string {
  return password.normalize('NFKC');
}
