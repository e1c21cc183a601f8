import { createPrivateKey } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { S3Server } from '@kilas/embedded/s3/start-s3.ts';
import { environmentOf } from '@kilas/installation/environment-of.ts';
import { newInstallation } from '@kilas/installation/installation.ts';
import { openSystem, type System } from '@kilas/installation/open-system.ts';
import { eachService, type ServiceName, serviceNames } from '@kilas/installation/service-names.ts';
import type { Clock } from '@kilas/platform/process/clock.ts';
import type { Env } from '@kilas/platform/process/env.ts';
import type { Peers } from '@kilas/platform/rpc/rpc.ts';
import { createServiceSigner } from '@kilas/platform/rpc/service-token.ts';
import type { SharedState } from '@kilas/platform/shared/shared-state.ts';
import { type Followed, openLink } from './open-link.ts';
import { createTestDatabase, createTestVectorDatabase } from './test-database.ts';
import { startTestS3 } from './test-s3.ts';

export interface TestSystem extends System {
  readonly dataFolder: string;
  readonly databaseUrls: Readonly<Record<ServiceName, string>>;
  /** Calls the services as one of them would: `createClient(PhotoService, peersAs('upload')('photo'))`. */
  peersAs(caller: ServiceName): Peers;
  /** The variables that a service was opened with. */
  environmentOf(service: ServiceName): Env;
  /** The S3 server, where the objects lie on one. */
  readonly s3: S3Server | undefined;
  /** What a browser gets behind a link to an object, wherever the link leads. */
  follow(link: string, request?: { method?: 'GET' | 'HEAD'; headers?: Record<string, string> }): Promise<Followed>;
}

export type ObjectsPlace = 'files' | 's3';

export interface TestSystemOptions {
  readonly services: readonly ServiceName[];
  readonly clock?: Clock;
  readonly shared?: SharedState;
  readonly isWorking?: boolean;
  /** Where objects lie: in a folder, or on an S3 server of the test's own. As TEST_OBJECTS says when absent, else in a folder. */
  readonly objects?: ObjectsPlace;
  /** Variables that differ from an installation's. */
  readonly env?: Env;
  /** For services whose databases are there already: their variables, DATABASE_URL among them. */
  readonly databases?: Readonly<Partial<Record<ServiceName, Env>>>;
}

/** Real services in this process, each on a fresh database of its own and a fresh folder. Close it in afterAll. */
export async function startSystem(options: TestSystemOptions): Promise<TestSystem> {
  const dataFolder = await mkdtemp(path.join(os.tmpdir(), 'kilas-test-'));
  const databases = new Map<ServiceName, { url: string; drop(): Promise<void> }>();
  for (const name of options.services) {
    if (options.databases?.[name] !== undefined) continue;
    databases.set(name, name === 'ai' ? await createTestVectorDatabase() : await createTestDatabase());
  }
  const databaseUrls = eachService(
    (name) => options.databases?.[name]?.DATABASE_URL ?? databases.get(name)?.url ?? 'postgres://unused',
  );
  const installation = newInstallation();
  const logLevel = process.env.TEST_LOG_LEVEL ?? 'silent';
  const place = { dataFolder, publicUrl: 'http://kilas.test', databaseUrls, logLevel };
  const isOnS3 = (options.objects ?? process.env.TEST_OBJECTS) === 's3';
  const s3 = isOnS3 ? await startTestS3({ dataFolder, clock: options.clock }) : undefined;
  const environment = (name: ServiceName): Env => ({
    ...environmentOf(name, installation, place),
    ...s3?.env,
    GRAPHS_FOLDER: path.join(os.tmpdir(), 'kilas-test-graphs'),
    ...options.env,
    ...options.databases?.[name],
  });
  const system = await openSystem({
    services: options.services,
    environments: eachService(environment),
    logLevel,
    ...(options.clock === undefined ? {} : { clock: options.clock }),
    ...(options.shared === undefined ? {} : { shared: options.shared }),
    ...(options.isWorking === undefined ? {} : { isWorking: options.isWorking }),
  });
  const signers = new Map(
    serviceNames.map((name) => {
      const key = createPrivateKey(installation.serviceKeys[name].privateKeyPem);
      return [name, createServiceSigner(name, key, options.clock)];
    }),
  );
  return {
    ...system,
    dataFolder,
    databaseUrls,
    peersAs: (caller) => {
      const sign = signers.get(caller);
      if (sign === undefined) throw new Error(`no service is called ${caller}`);
      return system.network.peersFor(sign);
    },
    environmentOf: environment,
    s3: s3?.server,
    follow: (link, request = {}) => openLink(system.app, place.publicUrl, link, request),
    close: async () => {
      await system.close();
      await s3?.server.stop();
      for (const database of databases.values()) await database.drop();
      await rm(dataFolder, { recursive: true, force: true });
    },
  };
}
