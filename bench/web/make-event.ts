import { ApiClient, answerOf, asForm } from '@kilas/client/api-client.ts';
import { becomeCreator, register } from '@kilas/client/journey/people.ts';
import { awaitRecognition, createEvent } from '@kilas/client/journey/sell-photos.ts';
import { samplePhotoFiles } from '@kilas/samples/photos.ts';
import pg from 'pg';
import sharp from 'sharp';

/** Shapes as cameras and croppers make them: not all rows of a grid shall be alike. */
const shapes = [
  [900, 600],
  [900, 600],
  [600, 900],
  [900, 675],
  [600, 800],
  [800, 800],
  [960, 540],
] as const;
const filesPerRequest = 20;

export interface BenchEvent {
  readonly eventId: string;
  readonly photoIds: ReadonlySet<string>;
}

/** A public event whose first photos are uploaded; the others are rows that share their images. */
export async function makeEvent(
  url: string,
  databaseUrl: string,
  options: { photos: number; pictures: number; say: (message: string) => void },
): Promise<BenchEvent> {
  const creator = await register(new ApiClient(url), 'creator');
  await becomeCreator(creator, 'Bench Photos');
  const eventId = await createEvent(creator, 'Bench Run', 'public');
  const uploaded: string[] = [];
  for (let from = 0; from < options.pictures; from += filesPerRequest) {
    const photo = await makePictures(from, Math.min(filesPerRequest, options.pictures - from));
    const body = { priceIdr: '50000', eventId, photo };
    const { items } = await answerOf(creator.rest.POST('/v1/uploads/photos', { body, bodySerializer: asForm }));
    uploaded.push(...items.flatMap(({ photoId }) => photoId ?? []));
  }
  options.say(`uploaded ${uploaded.length} pictures; waiting until they are recognised`);
  await awaitRecognition(creator, uploaded, () => {});
  options.say(`writing the rows of ${options.photos} photos`);
  return { eventId, photoIds: await fillEvent(databaseUrl, eventId, options.photos) };
}

/** Parts of the sample photos in other light and other shapes. */
async function makePictures(from: number, count: number): Promise<File[]> {
  const files = await samplePhotoFiles();
  return Promise.all(
    Array.from({ length: count }, async (_, at) => {
      const number = from + at;
      const [width, height] = shapes[number % shapes.length] ?? shapes[0];
      const bytes = await sharp(files[number % files.length])
        .resize(width, height, { fit: 'cover', position: number % 2 === 0 ? 'attention' : 'centre' })
        .modulate({ brightness: 0.8 + (number % 11) * 0.04, hue: (number * 37) % 360 })
        .jpeg({ quality: 80 })
        .toBuffer();
      return new File([new Uint8Array(bytes)], `${number}.jpg`);
    }),
  );
}

/** Copies the event's rows, each with an id, a checksum and a second of its own, until there are `count`. */
async function fillEvent(databaseUrl: string, eventId: string, count: number): Promise<ReadonlySet<string>> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rows: columns } = await client.query<{ name: string }>(
      `select quote_ident(column_name) as name from information_schema.columns
       where table_name = 'photos' and is_generated = 'NEVER'
         and column_name not in ('photo_id', 'sha256', 'captured_at')`,
    );
    const shared = columns.map(({ name }) => name).join(', ');
    const { rows: kept } = await client.query(
      `with originals as (
         select *, row_number() over (order by photo_id) as number, count(*) over () as total from photos where event_id = $1
       )
       insert into photos (photo_id, sha256, captured_at, ${shared})
       select gen_random_uuid(), md5(n::text) || md5((-n)::text), timestamptz '2026-05-01 00:00:00Z' + n * interval '0.4 s', ${shared}
       from generate_series(1, $2::int) as n join originals on number = 1 + n % total where n <= $2 - total
       returning photo_id`,
      [eventId, count],
    );
    await client.query('analyze photos');
    const { rows } = await client.query<{ photo_id: string }>('select photo_id from photos where event_id = $1', [
      eventId,
    ]);
    if (rows.length !== count) throw new Error(`the event has ${rows.length} photos, ${kept.length} of them copied`);
    return new Set(rows.map(({ photo_id }) => photo_id));
  } finally {
    await client.end();
  }
}
