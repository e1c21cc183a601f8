import { z } from 'zod';

/** Changes with the layout of a backup; a restore reads its own alone. */
export const backupFormat = 1;

const file = z.object({ path: z.string(), sizeBytes: z.number().int(), sha256: z.string() });

const table = z.object({
  /** With its schema, "public.photos". */
  name: z.string(),
  columns: z.array(z.string()),
  rows: z.number().int(),
  file,
});

const database = z.object({
  /** The moment whose state it is. */
  takenAt: z.iso.datetime(),
  serverVersion: z.string(),
  migrations: z.array(z.string()),
  /** Of the job queue's tables; null for a service without one. */
  jobsVersion: z.number().int().nullable(),
  tables: z.array(table),
  sequences: z.array(z.object({ name: z.string(), lastValue: z.string() })),
});

export const manifestSchema = z.object({
  format: z.literal(backupFormat),
  kilasVersion: z.string(),
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime(),
  databases: z.object({ user: database, photo: database, transaction: database, ai: database, upload: database }),
  /** Null for a backup without objects; the list names each with its size and SHA-256. */
  objects: z.object({ count: z.number().int(), sizeBytes: z.number().int(), list: file }).nullable(),
  /** Entries that the erasure journal held: a journal with fewer has lost some. */
  erasureCount: z.number().int(),
  secrets: file.nullable(),
});

export type Manifest = z.output<typeof manifestSchema>;
export type DatabaseManifest = Manifest['databases']['user'];
export type TableManifest = DatabaseManifest['tables'][number];
export type BackupFile = z.output<typeof file>;

export const manifestName = 'manifest.json';

/** A line of the list of objects. */
export const objectLine = z.object({
  bucket: z.enum(['originals', 'previews', 'selfies']),
  key: z.string(),
  sizeBytes: z.number().int(),
  sha256: z.string(),
});

export type ObjectLine = z.output<typeof objectLine>;
