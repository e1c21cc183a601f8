import type { Cluster } from '@kilas/cluster/cluster.ts';
import type { SmallDisk } from '@kilas/testkit/small-disk.ts';
import type { Databases } from '../databases.ts';
import type { Plan } from '../plan.ts';
import type { Part } from '../routes.ts';

export interface FaultContext {
  readonly cluster: Cluster;
  readonly databases: Databases;
  readonly plan: Plan;
  /** Where the spools of upload lie, if it could be mounted. */
  readonly spoolDisk: SmallDisk | undefined;
  /** A part is wholly away until what is returned is called, and for `graceMs` after. */
  away(part: Part, graceMs: number): () => void;
  /** Sends uploads on top of the load; resolves when so many of them are accepted, while the others are under way. */
  uploadBurst(burst: { count: number; everyMs: number; acceptedMin: number }): Promise<void>;
  /** Sends a photo of which the engines die; answers its id. */
  uploadPoison(): Promise<string>;
  progress(message: string): void;
}

/** Lets something happen, and resolves when it is over as far as whoever operates the cluster can tell. */
export type Fault = (ctx: FaultContext) => Promise<void>;
