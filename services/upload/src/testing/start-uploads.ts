import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { Clock } from '@kilas/platform/clock.ts';
import { systemClock } from '@kilas/platform/clock.ts';
import type { Env } from '@kilas/platform/config.ts';
import { openMemorySharedState } from '@kilas/platform/memory-shared-state.ts';
import { newServiceKey } from '@kilas/platform/service-token.ts';
import { type Member, type SignUpOptions, signUpMember } from '@kilas/testkit/sign-up.ts';
import { startSystem, type TestSystem } from '@kilas/testkit/start-system.ts';
import { readConfig } from '../config.ts';
import { openContext, type UploadContext } from '../context.ts';

const signingKey = 'a key that only this test knows, of forty and more';

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
  options: { clock?: Clock; isWorking?: boolean; env?: Env; withAi?: boolean } = {},
): Promise<UploadSystem> {
  const { env, withAi, ...others } = options;
  const system = await startSystem({
    services: withAi === true ? ['user', 'photo', 'upload', 'ai'] : ['user', 'photo', 'upload'],
    env: { OBJECTS_SIGNING_KEY: signingKey, ...env },
    ...others,
  });
  const ctx = await openTestContext(system, options.clock ?? systemClock, env ?? {});
  return {
    system,
    ctx,
    signUp: (signUpOptions = {}) => signUpMember(system, signUpOptions),
    send: async (url, headers, parts) => {
      const { payload, contentType } = await encode(parts);
      return system.app.inject({ method: 'POST', url, headers: { ...headers, 'content-type': contentType }, payload });
    },
    listFiles: async () => {
      const entries = await readdir(ctx.config.OBJECTS_FOLDER, { recursive: true, withFileTypes: true });
      return entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => path.join(parentPath, name));
    },
    close: async () => {
      await ctx.jobs.stop();
      await ctx.db.destroy();
      await system.close();
    },
  };
}

async function openTestContext(system: TestSystem, clock: Clock, env: Env): Promise<UploadContext> {
  const config = readConfig({
    LOG_LEVEL: 'silent',
    HTTP_PORT: '0',
    RPC_PORT: '0',
    DATABASE_URL: system.databaseUrls.upload,
    PUBLIC_URL: 'http://kilas.test',
    SERVICE_PRIVATE_KEY: newServiceKey().privateKeyPem,
    SERVICE_PUBLIC_KEYS: '{}',
    OBJECTS_FOLDER: path.join(system.dataFolder, 'objects'),
    OBJECTS_SIGNING_KEY: signingKey,
    ...env,
  });
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
