import { EventEmitter, once } from 'node:events';
import { type Finding, probe } from './probe.ts';
import type { CheckDefinition, Registration } from './registration.ts';

export interface ReapOptions {
  /** Consul's least time before a critical service is taken off. */
  readonly deregisterAfterMinMs: number;
}

export interface CheckState {
  readonly id: string;
  readonly definition: CheckDefinition;
  status: 'passing' | 'warning' | 'critical';
  output: string;
}

interface RunningCheck extends CheckState {
  isStopped: boolean;
  timer: NodeJS.Timeout | undefined;
  criticalSince: number | undefined;
  /** Findings of one kind in a row. */
  streak: { isPassing: boolean; count: number };
}

export interface Instance {
  readonly registration: Registration;
  readonly checks: readonly CheckState[];
  readonly createIndex: number;
  modifyIndex: number;
}

/** What the agent knows: services, their checks, which it runs, and the indexes by which blocking queries wait. */
export class Catalog {
  readonly #reap: ReapOptions;
  readonly #instances = new Map<string, { instance: Instance; checks: RunningCheck[] }>();
  readonly #indexes = new Map<string, number>();
  readonly #changes = new EventEmitter({ captureRejections: false }).setMaxListeners(0);
  #index = 1;
  #isPaused = false;

  constructor(reap: ReapOptions) {
    this.#reap = reap;
  }

  /** Of the last change of one service, or of anything; 1 when there was none. */
  indexOf(service?: string): number {
    return service === undefined ? this.#index : (this.#indexes.get(service) ?? 1);
  }

  instances(service?: string): readonly Instance[] {
    const all = [...this.#instances.values()].map(({ instance }) => instance);
    return service === undefined ? all : all.filter(({ registration }) => registration.Name === service);
  }

  /** Checks begin critical, as in Consul; a service registered again keeps what its checks have found. */
  register(registration: Registration): void {
    const known = this.#instances.get(registration.ID);
    for (const check of known?.checks ?? []) stop(check);
    const checks = registration.Checks.map((definition, at) => {
      const id =
        definition.CheckID || `service:${registration.ID}${registration.Checks.length > 1 ? `:${at + 1}` : ''}`;
      const before = known?.checks.find((check) => check.id === id);
      return newCheck(id, definition, before);
    });
    const isSame = known !== undefined && sameOf(known.instance.registration) === sameOf(registration);
    const createIndex = known?.instance.createIndex ?? this.#index + 1;
    const modifyIndex = known?.instance.modifyIndex ?? createIndex;
    const entry = { instance: { registration, checks, createIndex, modifyIndex }, checks };
    this.#instances.set(registration.ID, entry);
    if (!isSame) this.#changed(entry.instance);
    if (!this.#isPaused) for (const check of checks) this.#plan(entry.instance, check, Math.random() * 50);
  }

  /** Whether there was such a service. */
  deregister(id: string): boolean {
    const known = this.#instances.get(id);
    if (known === undefined) return false;
    for (const check of known.checks) stop(check);
    this.#instances.delete(id);
    this.#changed(known.instance);
    return true;
  }

  /** Waits until an index is above `than`, at most `waitMs`. */
  async changeAbove(than: number, service: string | undefined, waitMs: number, gone: AbortSignal): Promise<void> {
    const signal = AbortSignal.any([gone, AbortSignal.timeout(waitMs)]);
    while (this.indexOf(service) <= than && !signal.aborted) {
      await once(this.#changes, 'change', { signal }).catch(() => undefined);
    }
  }

  /** No check runs until `resume`: the agent is away. */
  pause(): void {
    this.#isPaused = true;
    for (const { checks } of this.#instances.values()) {
      for (const check of checks) {
        clearTimeout(check.timer);
        check.criticalSince = undefined;
      }
    }
  }

  resume(): void {
    this.#isPaused = false;
    for (const { instance, checks } of this.#instances.values()) {
      for (const check of checks) this.#plan(instance, check, 0);
    }
  }

  #plan(instance: Instance, check: RunningCheck, inMs: number): void {
    clearTimeout(check.timer);
    check.timer = setTimeout(async () => {
      const finding = await probe(check.definition);
      if (check.isStopped || this.#isPaused) return;
      this.#take(instance, check, finding);
      if (!check.isStopped) this.#plan(instance, check, check.definition.Interval);
    }, inMs);
  }

  #take(instance: Instance, check: RunningCheck, { status: found, output }: Finding): void {
    // As in Consul, a warning counts as a success here.
    const isPassing = found !== 'critical';
    check.streak = { isPassing, count: check.streak.isPassing === isPassing ? check.streak.count + 1 : 1 };
    const { SuccessBeforePassing, FailuresBeforeCritical, DeregisterCriticalServiceAfter } = check.definition;
    const isEnough = check.streak.count > (isPassing ? SuccessBeforePassing : FailuresBeforeCritical);
    const status = isEnough ? found : check.status;
    const hasChanged = status !== check.status;
    check.status = status;
    check.output = output;
    if (hasChanged) this.#changed(instance);
    if (status !== 'critical') check.criticalSince = undefined;
    else check.criticalSince ??= performance.now();
    if (DeregisterCriticalServiceAfter === undefined || check.criticalSince === undefined) return;
    const afterMs = Math.max(DeregisterCriticalServiceAfter, this.#reap.deregisterAfterMinMs);
    if (performance.now() - check.criticalSince >= afterMs) this.deregister(instance.registration.ID);
  }

  #changed(instance: Instance): void {
    this.#index += 1;
    instance.modifyIndex = this.#index;
    this.#indexes.set(instance.registration.Name, this.#index);
    this.#changes.emit('change');
  }
}

function newCheck(id: string, definition: CheckDefinition, before: RunningCheck | undefined): RunningCheck {
  return {
    id,
    definition,
    status: before?.status ?? definition.Status,
    output: before?.output ?? '',
    isStopped: false,
    timer: undefined,
    criticalSince: before?.criticalSince,
    streak: before?.streak ?? { isPassing: false, count: 0 },
  };
}

function stop(check: RunningCheck): void {
  check.isStopped = true;
  clearTimeout(check.timer);
}

function sameOf(registration: Registration): string {
  return JSON.stringify(registration);
}
