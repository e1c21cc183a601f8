// One side of the measurement as a process of its own; it says READY on its first line and ends with its input.
//   subscriber  takes events as any service does, on a database of its own, and notes each in the transaction that acts on it
//   publisher   tells what waits in its database, from the line on that it reads
import { createPrivateKey, createPublicKey } from 'node:crypto';
import { createInterface } from 'node:readline';
import { ConsentWithdrawnSchema } from '@kilas/contracts/gen/kilas/user/v1/events_pb.js';
import { openDatabase } from '@kilas/platform/db/database.ts';
import { subscribe } from '@kilas/platform/events/events.ts';
import { Outbox } from '@kilas/platform/events/outbox/outbox.ts';
import { registerSubscriptions } from '@kilas/platform/events/serve-events.ts';
import { systemClock } from '@kilas/platform/process/clock.ts';
import { openLog } from '@kilas/platform/process/log.ts';
import { grpcPeers } from '@kilas/platform/rpc/rpc-client.ts';
import { serveRpc, serverInterceptors } from '@kilas/platform/rpc/rpc-server.ts';
import { createServiceSigner, createServiceVerifier } from '@kilas/platform/rpc/service-token.ts';
import { sql, type Transaction } from 'kysely';
import { publisherName, subscriberName } from './names.ts';

const [role, url = '', keyPem = '', peer = ''] = process.argv.slice(2);
const log = openLog(role === 'publisher' ? publisherName : subscriberName, 'warn');
const db = openDatabase<object>({ url, poolSizeMax: 10, onTrouble: (error) => log.warn({ err: error }, 'trouble') });
const lines = createInterface(process.stdin);
const end = role === 'publisher' ? await publish() : await take();
await new Promise((resolve) => lines.once('close', resolve));
await end();
await db.destroy();

async function publish(): Promise<() => Promise<void>> {
  const outbox = new Outbox({
    db,
    log,
    clock: systemClock,
    publications: [{ event: ConsentWithdrawnSchema, subscribers: [subscriberName] }],
  });
  outbox.handle(grpcPeers({ [subscriberName]: peer }, createServiceSigner(publisherName, createPrivateKey(keyPem))));
  process.stdout.write('READY\n');
  lines.once('line', () => outbox.work());
  return () => outbox.stop();
}

async function take(): Promise<() => Promise<void>> {
  const note = async (tx: Transaction<object>, _event: unknown, { eventId, key }: { eventId: string; key: string }) => {
    await sql`insert into acted (event_id, key) values (${eventId}, ${key})`.execute(tx);
    return { noted: 1 };
  };
  const subscription = subscribe<object, typeof ConsentWithdrawnSchema>(publisherName, ConsentWithdrawnSchema, note);
  const verify = createServiceVerifier(subscriberName, { [publisherName]: createPublicKey(keyPem) });
  const rpc = await serveRpc({
    host: '127.0.0.1',
    port: 0,
    routes: (router) => registerSubscriptions(router, db, [subscription], log),
    interceptors: serverInterceptors(verify, log, subscriberName),
  });
  process.stdout.write(`READY ${rpc.url}\n`);
  return () => rpc.stop();
}
