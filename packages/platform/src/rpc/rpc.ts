import type { ConnectRouter, Transport } from '@connectrpc/connect';

/** Largest message either side takes, in bytes. */
export const messageSizeMaxBytes = 16 * 1024 * 1024;

/** How a service reaches another one. */
export type Peers = (service: string) => Transport;

/** What a service answers. */
export type RpcRoutes = (router: ConnectRouter) => void;
