import { setTimeout as delay } from 'node:timers/promises';
import { drawByWeight } from '../../random.ts';
import type { Plan } from '../plan.ts';
import { joinAsMember, leave, readNotifications, waver, wish } from './members.ts';
import { buyPhotos } from './orders.ts';
import { reads } from './reads.ts';
import { uploadPhoto } from './uploads.ts';
import type { World } from './world.ts';

/** `busy`: everything; `reads`: nothing that leaves work behind, at the same rate; `off`: nothing new. */
export type Phase = 'busy' | 'reads' | 'off';

/** What somebody comes for: one request, or several one after another. */
export type Flow = (world: World) => Promise<unknown>;

/** By how many come in a second. */
const otherWrites: readonly { weight: number; flow: Flow }[] = [
  { weight: 0.5, flow: wish },
  { weight: 0.2, flow: waver },
  { weight: 0.2, flow: readNotifications },
  { weight: 0.1, flow: joinAsMember },
  { weight: 0.05, flow: leave },
];

/**
 * An open loop: arrivals at a fixed rate, whatever became of those before; one that the machine was too slow to start on time
 * starts late and is not left out. What arrives is drawn by the seed.
 */
export class Load {
  phase: Phase = 'off';
  readonly #world: World;
  readonly #plan: Plan;
  readonly #writes: readonly { weight: number; flow: Flow }[];
  readonly #onError: (error: unknown) => void;
  readonly #underWay = new Set<Promise<unknown>>();
  readonly #stop = new AbortController();
  #loop: Promise<void> | undefined;

  constructor(world: World, plan: Plan, onError: (error: unknown) => void) {
    this.#world = world;
    this.#plan = plan;
    this.#onError = onError;
    this.#writes = [
      { weight: plan.uploadsPerSecond, flow: uploadPhoto },
      { weight: plan.ordersPerSecond, flow: buyPhotos },
      ...otherWrites,
    ];
  }

  start(): void {
    this.#loop ??= this.#arrive();
  }

  async #arrive(): Promise<void> {
    const { requestsPerSecond } = this.#plan;
    const start = performance.now();
    for (let slot = 0; !this.#stop.signal.aborted; slot++) {
      const wait = start + (slot * 1000) / requestsPerSecond - performance.now();
      if (wait > 0) await delay(wait);
      if (this.phase !== 'off') this.run(this.#draw(this.phase));
    }
  }

  /** Runs one flow besides what arrives by itself. */
  run(flow: Flow): void {
    const running = flow(this.#world).catch(this.#onError);
    this.#underWay.add(running);
    running.finally(() => this.#underWay.delete(running));
  }

  #draw(phase: 'busy' | 'reads'): Flow {
    const { random } = this.#world;
    const write = phase === 'reads' ? undefined : drawByWeight(random, this.#writes, this.#plan.requestsPerSecond);
    return write?.flow ?? drawByWeight(random, reads)?.flow ?? (async () => {});
  }

  /** Waits until nothing that arrived is under way; what stays longer is given up. */
  async settle(maxMs: number): Promise<void> {
    const settled = new AbortController();
    const impatient = delay(maxMs, undefined, { signal: settled.signal }).catch(() => undefined);
    await Promise.race([Promise.allSettled([...this.#underWay]), impatient]);
    settled.abort();
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#loop;
  }
}
