import type { EventJournal } from '@kilas/platform/journal/event-journal.ts';
import type { ObjectLister, ObjectStore } from '@kilas/platform/objects/objects.ts';
import type { Env } from '@kilas/platform/process/env.ts';
import type { Bucket } from '@kilas/storage/buckets.ts';
import type { ServiceName } from '../service-names.ts';

/** An installation as the operator's commands work on it. */
export interface Target {
  /** Absent for an installation of many machines. */
  readonly dataFolder?: string;
  readonly databaseUrls: Readonly<Record<ServiceName, string>>;
  readonly objects: ObjectStore<Bucket> & ObjectLister<Bucket>;
  /** Where objects are files of this machine. */
  readonly objectsFolder?: string;
  readonly journal: EventJournal;
  /** Variables with which a service opens on it, to bring its tables up to date and no more. */
  environment(service: ServiceName): Env;
  close(): Promise<void>;
}
