import { fsyncSync } from 'node:fs';
import { PGlite, type PGliteOptions } from '@electric-sql/pglite';

const syncMessage = new Uint8Array([0x53, 0, 0, 0, 4]);

// PostgreSQL's protocol, "Message Formats": Parse, Bind, Describe, Execute, Close and Flush stand before a Sync.
const batchMessages = new Set([...'PBDECH'].map((type) => type.charCodeAt(0)));

/** A stream of Emscripten's NODEFS; a folder has no descriptor. */
interface NodeFsStream {
  readonly nfd?: number;
}

/**
 * PGlite made safe for several clients of pglite-socket, and for a power cut.
 *
 * The socket server queues single messages and keeps to one client only while `isInTransaction()`. A query with
 * parameters is a batch of messages, so outside transactions it mixes the batches of two clients, and one can read the
 * rows of the other (electric-sql/pglite#1046). Here an unfinished batch counts as a transaction.
 *
 * Clients still share one session, one after another: no settings, temporary tables, named statements or session locks
 * of their own, no statement timeout, and NOTIFY does not reach a LISTEN of another. A transaction that waits for
 * another client waits for ever.
 */
export class SharedPglite extends PGlite {
  #isBatchOpen = false;

  static async open(options: PGliteOptions): Promise<SharedPglite> {
    // PGlite turns fsync off, and Emscripten's fdatasync does nothing: ask for fsync, and let it reach the disk.
    const startParams = [...PGlite.defaultStartParams.filter((param) => param !== '-F'), '-c', 'wal_sync_method=fsync'];
    const db = new SharedPglite({ ...options, startParams });
    await db.waitReady;
    db.Module.FS.filesystems.NODEFS.stream_ops.fsync = ({ nfd }: NodeFsStream) => {
      if (nfd !== undefined) fsyncSync(nfd);
      return 0;
    };
    return db;
  }

  override isInTransaction(): boolean {
    return this.#isBatchOpen || super.isInTransaction();
  }

  override execProtocolRawSync(message: Uint8Array): Uint8Array {
    this.#isBatchOpen = batchMessages.has(message[0] ?? 0);
    return super.execProtocolRawSync(message);
  }

  override async execProtocolRawStream(...args: Parameters<PGlite['execProtocolRawStream']>): Promise<void> {
    try {
      await super.execProtocolRawStream(...args);
    } catch (error) {
      // Not an error of SQL, but the engine's; the socket server's queue would stand still for ever (#1046), so crash.
      setImmediate(() => {
        throw error;
      });
      throw error;
    }
  }

  /** The socket server calls this to roll back for a client that left; PostgreSQL skips all up to a Sync after an error. */
  override async exec(...args: Parameters<PGlite['exec']>): ReturnType<PGlite['exec']> {
    if (this.#isBatchOpen) await this.runExclusive(() => this.execProtocol(syncMessage));
    return super.exec(...args);
  }
}
