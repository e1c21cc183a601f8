import { existsSync } from 'node:fs';
import { checkPort } from '@kilas/cli/check-port.ts';
import { findFreePort } from '@kilas/embedded/free-port.ts';
import { registerPages } from '@kilas/gateway/pages.ts';
import { registerWebApp } from '@kilas/gateway/web-app.ts';
import { environmentOf } from '@kilas/installation/environment-of.ts';
import { openInstallation } from '@kilas/installation/installation.ts';
import { openSystem, type System } from '@kilas/installation/open-system.ts';
import { cutEnv, packEnv } from '@kilas/installation/pack-env.ts';
import { noteRunning } from '@kilas/installation/running-file.ts';
import type { ServiceName } from '@kilas/installation/service-names.ts';
import { postgresFolderOf, refuseSecondRun, startDatabases } from '@kilas/installation/start-databases.ts';
import { refuseUnfinishedRestore } from '@kilas/installation/unfinished-restore.ts';
import type { HttpApp } from '@kilas/platform/http/http-app.ts';
import type { Env } from '@kilas/platform/process/env.ts';
import { ensureWebBuild } from '@kilas/web-build/ensure-web-build.ts';
import { type NetworkPlace, networkPlaceOf } from './network-place.ts';

export interface InstallationOptions {
  /** Created when absent; holds everything the installation keeps. */
  readonly dataFolder: string;
  /** Where it listens, as `readHost` read it; without it this machine alone comes here. */
  readonly host?: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly logLevel: string;
  /** Of who starts it; ai takes over from it which model packs are in force. */
  readonly env?: Env;
  /** Ends the start at its next step, with an error. */
  readonly stop?: AbortSignal;
  /** Adds routes of its own to the one address. */
  readonly extend?: (app: HttpApp) => void | Promise<void>;
  readonly onProgress: (message: string) => void;
}

export interface RunningInstallation {
  readonly url: string;
  readonly place: NetworkPlace;
  readonly system: System;
  /** Resolves, with what it was, when a database ended that nobody stopped: nothing works from then on. */
  readonly broken: Promise<string>;
  /** Ends everything that was started, the last first. */
  stop(): Promise<void>;
}

/** The embedded run: PostgreSQL, PGlite with pgvector for the faces, five services and one HTTP port. */
export async function startInstallation(options: InstallationOptions): Promise<RunningInstallation> {
  const { dataFolder, onProgress, stop: stopAsked } = options;
  await using started = new AsyncDisposableStack();
  const installation = await openInstallation(dataFolder);
  await refuseSecondRun(dataFolder);
  refuseUnfinishedRestore(dataFolder);
  const host = options.host ?? 'localhost';
  if (options.port !== 0) await checkPort(options.port, host);
  const webFolder = await ensureWebBuild({ onProgress });
  stopAsked?.throwIfAborted();
  onProgress(existsSync(postgresFolderOf(dataFolder)) ? 'starting the databases' : 'making the databases');
  const databases = await startDatabases(dataFolder);
  started.defer(databases.stop);
  started.defer(await noteRunning(dataFolder, databases.urls));
  stopAsked?.throwIfAborted();
  onProgress('opening the services');
  const port = options.port === 0 ? await findFreePort() : options.port;
  const network = networkPlaceOf(host, port);
  const { publicUrl: url, alsoUrls, ownUrl, listenHost } = network;
  const place = { dataFolder, publicUrl: url, ownUrl, databaseUrls: databases.urls, logLevel: options.logLevel };
  const environment = (name: ServiceName): Env => environmentOf(name, installation, place);
  const system = await openSystem({
    environments: {
      // Whatever address of ours its page was opened at.
      user: { ...environment('user'), CORS_ORIGINS: alsoUrls.join(',') },
      photo: { ...environment('photo'), ...cutEnv(options.env ?? {}) },
      transaction: environment('transaction'),
      ai: { ...environment('ai'), ...packEnv(options.env ?? {}), ...cutEnv(options.env ?? {}) },
      upload: environment('upload'),
    },
    logLevel: options.logLevel,
    extend: async (app) => {
      await registerPages(app);
      await options.extend?.(app);
      await registerWebApp(app, { folder: webFolder });
    },
  });
  started.defer(system.close);
  stopAsked?.throwIfAborted();
  await system.app.listen({ host: listenHost, port });
  const all = started.move();
  return { url, place: network, system, broken: databases.broken, stop: () => all.disposeAsync() };
}
