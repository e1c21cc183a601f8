import { inTurn, leastBusy } from '@kilas/platform/turns/least-busy.ts';

/** First and longest time that a process which failed is passed over, in milliseconds; it doubles with each failure. */
const outMinMs = 1_000;
const outMaxMs = 10_000;

interface State {
  underWay: number;
  failures: number;
  outUntil: number;
}

/** Picks among the processes of one service by what it saw of them; each is known by its address. */
export class Balancer {
  readonly #addresses: () => readonly string[];
  readonly #now: () => number;
  readonly #states = new Map<string, State>();
  #turn = 0;

  /** `addresses` is asked for every request. `now` counts milliseconds. */
  constructor(addresses: () => readonly string[], now: () => number = () => performance.now()) {
    this.#addresses = addresses;
    this.#now = now;
  }

  /**
   * The process with the fewest open requests, in turn among equals. One that failed lately comes last; if all of them failed, their failures do
   * not count. Undefined if there is none except `other`.
   */
  choose(other?: string): string | undefined {
    const all = this.#addresses().filter((address) => address !== other);
    const well = all.filter((address) => (this.#states.get(address)?.outUntil ?? 0) <= this.#now());
    const candidates = well.length > 0 ? well : all;
    return leastBusy(inTurn(candidates, this.#turn++), (address) => this.#underWay(address));
  }

  /** Counts a request as under way until the function returned is called. */
  begin(address: string): () => void {
    this.#stateOf(address).underWay += 1;
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      this.#stateOf(address).underWay -= 1;
      this.#forget();
    };
  }

  failed(address: string): void {
    const state = this.#stateOf(address);
    state.outUntil = this.#now() + Math.min(outMaxMs, outMinMs * 2 ** state.failures);
    state.failures += 1;
  }

  answered(address: string): void {
    const state = this.#states.get(address);
    if (state !== undefined) Object.assign(state, { failures: 0, outUntil: 0 });
  }

  #underWay(address: string): number {
    return this.#states.get(address)?.underWay ?? 0;
  }

  #stateOf(address: string): State {
    const known = this.#states.get(address);
    if (known !== undefined) return known;
    const state = { underWay: 0, failures: 0, outUntil: 0 };
    this.#states.set(address, state);
    return state;
  }

  /** Every process that is started again has an address that was not there before. */
  #forget(): void {
    for (const [address, { underWay, outUntil }] of this.#states) {
      if (underWay === 0 && outUntil + outMaxMs <= this.#now()) this.#states.delete(address);
    }
  }
}
