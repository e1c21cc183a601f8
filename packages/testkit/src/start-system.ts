import { createPrivateKey } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Clock } from '@kilas/platform/clock.ts';
import type { Env } from '@kilas/platform/config.ts';
import type { Peers } from '@kilas/platform/rpc-client.ts';
import { createServiceSigner } from '@kilas/platform/service-token.ts';
import { environmentOf, newInstallation, type ServiceName, serviceNames } from '@kilas/standalone/installation.ts';
import { openSystem, type System } from '@kilas/standalone/open-system.ts';
import { createTestDatabase, createTestVectorDatabase } from './test-database.ts';

export interface TestSystem extends System {
  readonly dataFolder: string;
  readonly databaseUrls: Readonly<Record<ServiceName, string>>;
  /** Calls the services as one of them would: `createClient(PhotoService, peersAs('upload')('photo'))`. */
  peersAs(caller: ServiceName): Peers;
}

export interface TestSystemOptions {
  readonly services: readonly ServiceName[];
  readonly clock?: Clock;
  readonly isWorking?: boolean;
  /** Variables that differ from an installation's. */
  readonly env?: Env;
}

/** Real services in this process, each on a fresh database of its own and a fresh folder. Close it in afterAll. */
export async function startSystem(options: TestSystemOptions): Promise<TestSystem> {
  const dataFolder = await mkdtemp(path.join(os.tmpdir(), 'kilas-test-'));
  const databases = new Map<ServiceName, { url: string; drop(): Promise<void> }>();
  for (const name of options.services) {
    databases.set(name, name === 'ai' ? await createTestVectorDatabase() : await createTestDatabase());
  }
  const urlOf = (name: ServiceName) => databases.get(name)?.url ?? 'postgres://unused';
  const databaseUrls = {
    user: urlOf('user'),
    photo: urlOf('photo'),
    transaction: urlOf('transaction'),
    ai: urlOf('ai'),
    upload: urlOf('upload'),
  };
  const installation = newInstallation();
  const logLevel = process.env.TEST_LOG_LEVEL ?? 'silent';
  const place = { dataFolder, publicUrl: 'http://kilas.test', databaseUrls, logLevel };
  const environment = (name: ServiceName): Env => ({
    ...environmentOf(name, installation, place),
    GRAPHS_FOLDER: path.join(os.tmpdir(), 'kilas-test-graphs'),
    ...options.env,
  });
  const system = await openSystem({
    services: options.services,
    environments: {
      user: environment('user'),
      photo: environment('photo'),
      transaction: environment('transaction'),
      ai: environment('ai'),
      upload: environment('upload'),
    },
    logLevel,
    ...(options.clock === undefined ? {} : { clock: options.clock }),
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
    close: async () => {
      await system.close();
      for (const database of databases.values()) await database.drop();
      await rm(dataFolder, { recursive: true, force: true });
    },
  };
}
