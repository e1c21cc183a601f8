import { type Dirent, existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { isErrno } from '@kilas/platform/problems/is-errno.ts';
import type { Clock } from '@kilas/platform/process/clock.ts';
import { systemClock } from '@kilas/platform/process/clock.ts';
import type { Env } from '@kilas/platform/process/env.ts';
import { openMemorySharedState } from '@kilas/platform/shared/memory-shared-state.ts';
import { type Member, type SignUpOptions, signUpMember } from '@kilas/testkit/sign-up.ts';
import { type ObjectsPlace, startSystem, type TestSystem } from '@kilas/testkit/start-system.ts';
import { readConfig } from '../config.ts';
import { openContext, type UploadContext } from '../context.ts';

export interface UploadSystem {
  readonly system: TestSystem;
  /** A context on the same database, folder and peers as the service's own, for steps that a crash would leave half done. */
  readonly ctx: UploadContext;
  signUp(options?: SignUpOptions): Promise<Member>;
  /** A form as a client would send it, with parts in this order. */
  send(url: string, headers: Record<string, string>, parts: readonly Part[]): Promise<Answer>;
  /** Every file below the objects' folder, objects and spooled ones. */
  listFiles(): Promise<string[]>;
  close(): Promise<void>;
}

export type Part = readonly [field: string, value: string] | readonly [field: string, bytes: Buffer, fileName: string];
type Answer = Awaited<ReturnType<TestSystem['app']['inject']>>;

export async function startUploads(
  options: { clock?: Clock; isWorking?: boolean; env?: Env; withAi?: boolean; objects?: ObjectsPlace } = {},
): Promise<UploadSystem> {
  const { withAi, ...others } = options;
  const system = await startSystem({
    services: withAi === true ? ['user', 'photo', 'upload', 'ai'] : ['user', 'photo', 'upload'],
    ...others,
  });
  const ctx = await openTestContext(system, options.clock ?? systemClock);
  return {
    system,
    ctx,
    signUp: (signUpOptions = {}) => signUpMember(system, signUpOptions),
    send: async (url, headers, parts) => {
      const { payload, contentType } = await encode(parts);
      return system.app.inject({ method: 'POST', url, headers: { ...headers, 'content-type': contentType }, payload });
    },
    listFiles: async () => {
      const folders = new Set([path.join(system.dataFolder, 'objects'), ctx.config.SPOOL_FOLDER]);
      const files = new Set<string>();
      for (const folder of folders) {
        for (const entry of await listFolder(folder)) {
          const isNote = /[.]md5$|metadata[.]json$/.test(entry.name);
          if (entry.isFile() && !isNote) files.add(path.join(entry.parentPath, entry.name));
        }
      }
      return [...files];
    },
    close: async () => {
      await ctx.jobs.stop();
      await ctx.db.destroy();
      await system.close();
    },
  };
}

async function openTestContext(system: TestSystem, clock: Clock): Promise<UploadContext> {
  const config = readConfig(system.environmentOf('upload'));
  const ctx = await openContext(config, {
    clock,
    shared: openMemorySharedState(),
    peers: () => system.peersAs('upload'),
  });
  await ctx.jobs.start([]);
  return ctx;
}

async function encode(parts: readonly Part[]): Promise<{ payload: Buffer; contentType: string }> {
  const form = new FormData();
  for (const [field, value, fileName] of parts) {
    if (typeof value === 'string') form.append(field, value);
    else form.append(field, new Blob([new Uint8Array(value)]), fileName);
  }
  const encoded = new Response(form);
  const contentType = encoded.headers.get('content-type') ?? '';
  return { payload: Buffer.from(await encoded.arrayBuffer()), contentType };
}

/** All entries below a folder; looked at again when a worker takes a folder away meanwhile. */
async function listFolder(folder: string): Promise<Dirent[]> {
  for (;;) {
    try {
      return await readdir(folder, { recursive: true, withFileTypes: true });
    } catch (error) {
      const isTakenAway = isErrno(error, 'ENOENT');
      if (!isTakenAway || !existsSync(folder)) throw error;
    }
  }
}
