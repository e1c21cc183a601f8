import { AsyncResource } from 'node:async_hooks';
import Consul from 'consul';
import type { Clock } from '../process/clock.ts';
import type { Log } from '../process/log.ts';
import type { PartState } from '../process/readiness.ts';
import { logTrouble } from '../process/trouble-log.ts';
import { Follower } from './follower.ts';
import { type Presence, Registrar, registeredName } from './registrar.ts';
import type { Discovery } from './replica-list.ts';

const keepDefaultMs = 60_000;

export interface ConsulOptions {
  /** Of the agent, `http://127.0.0.1:8500`. */
  readonly url: string;
  readonly token?: string | undefined;
  readonly log: Log;
  readonly clock: Clock;
  readonly keepMs?: number;
}

/** Discovery by which this process is also found. */
export interface ConsulDiscovery extends Discovery {
  announce(presence: Presence): void;
  /** To be called before anything closes. Never rejects. */
  withdraw(): Promise<void>;
}

/** Finds services by a Consul agent, which may be away at any time: then what was known goes on to hold. */
export function openConsulDiscovery(options: ConsulOptions): ConsulDiscovery {
  const { log, clock, keepMs = keepDefaultMs } = options;
  const consul = connect(options);
  const onTrouble = logTrouble(log, clock, 'Consul is away');
  const registrar = new Registrar(consul, onTrouble);
  const followers = new Map<string, Follower>();
  // What is followed from the first call on outlives the request that made the call.
  const home = new AsyncResource('ConsulDiscovery');
  const follow = (service: string): Follower => {
    const onBack = () => registrar.hurry();
    const name = registeredName(service);
    return home.runInAsyncScope(() => new Follower({ consul, name, keepMs, onTrouble, onBack }));
  };
  return {
    replicasOf: (service) => {
      const follower = followers.get(service) ?? follow(service);
      followers.set(service, follower);
      return follower.list;
    },
    parts: () => {
      const isHeard = [...followers.values()].every(({ isConnected }) => isConnected);
      const peers = [...followers].map(([service, { hasReplica }]): [string, PartState] => [
        `peer-${service}`,
        hasReplica ? 'ready' : 'degraded',
      ]);
      return { consul: isHeard ? registrar.state : 'degraded', ...Object.fromEntries(peers) };
    },
    announce: (presence) => registrar.announce(presence),
    withdraw: () => registrar.withdraw(),
    close: () => {
      for (const follower of followers.values()) follower.close();
      consul.destroy();
    },
  };
}

function connect({ url, token }: ConsulOptions): Consul {
  const { protocol, hostname, port } = new URL(url);
  const isSecure = protocol === 'https:';
  return new Consul({
    host: hostname,
    port: port === '' ? (isSecure ? 443 : 80) : Number(port),
    secure: isSecure,
    ...(token === undefined ? {} : { defaults: { token } }),
  });
}
