import { DecodeMemory } from '@kilas/pictures/decode-memory.ts';
import { Outbox } from '@kilas/platform/events/outbox/outbox.ts';
import type { Jobs } from '@kilas/platform/jobs/jobs.ts';
import type { LinkSigner, ObjectReader, ObjectWriter } from '@kilas/platform/objects/objects.ts';
import { openObjects } from '@kilas/platform/objects/open-objects.ts';
import { logTrouble } from '@kilas/platform/process/trouble-log.ts';
import { RiskyWork } from '@kilas/platform/risky-work/risky-work.ts';
import { type BaseContext, openBase, openJobs } from '@kilas/platform/service/base-context.ts';
import type { Wiring } from '@kilas/platform/service/service.ts';
import { type Bucket, buckets } from '@kilas/storage/buckets.ts';
import sharp from 'sharp';
import type { UploadConfig } from './config.ts';
import type { UploadSchema } from './db/schema.ts';
import { DecodePlaces } from './images/decode-places.ts';
import { type Limits, openLimits } from './limits.ts';
import { MetadataReader } from './metadata/metadata-reader.ts';
import { countWithoutRoom } from './metrics.ts';
import { publications } from './publications.ts';
import { Room } from './spool/room.ts';
import { Spool } from './spool/spool.ts';

/** What every operation of this service gets first. */
export interface UploadContext extends BaseContext<UploadSchema> {
  readonly config: UploadConfig;
  readonly jobs: Jobs;
  readonly outbox: Outbox;
  readonly objects: ObjectReader<Bucket> & ObjectWriter<Bucket> & LinkSigner<Bucket>;
  /** Pictures that this service has at work, and those of which processes died. */
  readonly risky: RiskyWork;
  readonly spool: Spool;
  readonly metadata: MetadataReader;
  readonly room: Room;
  readonly limits: Limits;
  readonly decodes: DecodePlaces;
  readonly decodeMemory: DecodeMemory;
}

/** Makes the folders of the objects and of the spool. */
export async function openContext(config: UploadConfig, wiring: Wiring): Promise<UploadContext> {
  // Each picture is opened once. libvips would keep files mapped that are long deleted, a selfie among them.
  sharp.cache(false);
  const base = openBase<UploadSchema>('upload', config, wiring);
  const objects = openObjects(buckets, config, base);
  await objects.prepare();
  const spool = new Spool(config.SPOOL_FOLDER);
  await spool.prepare();
  const room = openRoom(config, logTrouble(base.log, wiring.clock, 'uploads are refused: a disk is full'));
  const jobs = openJobs(config, base.log);
  const outbox = new Outbox({ db: base.db, log: base.log, clock: wiring.clock, publications });
  const metadata = new MetadataReader({
    onLost: () => base.log.warn('the metadata of a photo took too much time or memory and was left out'),
  });
  const risky = new RiskyWork({ db: base.db, log: base.log, prove: makeBlank });
  const limits = openLimits(config, base.shared);
  const decodes = new DecodePlaces(config.DERIVE_CONCURRENCY);
  const decodeMemory = new DecodeMemory(config.DECODE_MEMORY_MAX_BYTES);
  return { ...base, config, jobs, outbox, objects, risky, spool, room, metadata, limits, decodes, decodeMemory };
}

/** Makes, reads and makes smaller a picture of nothing, which every libvips that works at all survives. */
async function makeBlank(): Promise<void> {
  const blank = sharp({ create: { width: 320, height: 320, channels: 3, background: '#808080' } });
  const jpeg = await blank.jpeg().toBuffer();
  await sharp(jpeg).autoOrient().resize(160, 160).jpeg().toBuffer();
}

function openRoom(config: UploadConfig, onTrouble: (error: Error) => void): Room {
  // Where objects are files, perhaps on another disk, an upload is written twice, and both stand until it is accepted.
  const own = config.OBJECTS_STORE === 'files' ? [config.OBJECTS_FOLDER] : [];
  return new Room({
    folders: [config.SPOOL_FOLDER, ...own],
    freeMinBytes: config.SPOOL_FREE_MIN_BYTES,
    copies: 1 + own.length,
    onRefused: (error) => {
      countWithoutRoom();
      onTrouble(error);
    },
  });
}
