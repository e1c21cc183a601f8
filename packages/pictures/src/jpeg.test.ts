import sharp from 'sharp';
import { beforeAll, expect, test } from 'vitest';
import { render } from './testing/chart.ts';
import { cutOut, dataAt, insert, makeJpeg, replace, segmentAt, withoutEnd } from './testing/spoil.ts';

type Spoil = (jpeg: Buffer) => Buffer;

const kinds = ['baseline', 'progressive', 'restarting', 'grey', 'full-colour'] as const;
const sound = new Map<string, Buffer>();

beforeAll(async () => {
  sound.set('baseline', await makeJpeg());
  sound.set('full-colour', await makeJpeg({ chromaSubsampling: '4:4:4' }));
  sound.set('progressive', await makeJpeg({ progressive: true }));
  sound.set('restarting', restarting(await makeJpeg()));
  sound.set(
    'grey',
    await sharp(await makeJpeg())
      .greyscale()
      .jpeg()
      .toBuffer(),
  );
});

function take(kind: string): Buffer {
  const jpeg = sound.get(kind);
  if (jpeg === undefined) throw new Error(`no JPEG ${kind}`);
  return jpeg;
}

/** Says that there are restart markers, more units apart than there are units. */
function restarting(jpeg: Buffer): Buffer {
  return insert(jpeg, segmentAt(jpeg, 0xda), '\xff\xdd\0\x04\xff\xff');
}

/** The parameters of the first scan: first and last coefficient, and how far they are refined. */
function spellScan(jpeg: Buffer, parameters: readonly number[]): Buffer {
  return replace(jpeg, dataAt(jpeg) - 3, parameters);
}

const samsungTrailer = `\0\0\x01\x0a\x0e\0\0\0Image_UTC_Data1777594215000SEFH${'\0'.repeat(20)}SEFT`;

const whole: [string, Spoil][] = [
  ['as it is', (jpeg) => jpeg],
  ['with zeros between two segments', (jpeg) => insert(jpeg, segmentAt(jpeg, 0xdb), '\0'.repeat(7))],
  ['with text between two segments', (jpeg) => insert(jpeg, segmentAt(jpeg, 0xc4), 'camera')],
  ['with bytes that fill the room before a marker', (jpeg) => insert(jpeg, segmentAt(jpeg, 0xdb), '\xff'.repeat(9))],
  ['without an end marker', withoutEnd],
  ['with half an end marker', (jpeg) => jpeg.subarray(0, jpeg.length - 1)],
  [
    'with the trailer of Samsung in place of its end',
    (jpeg) => insert(withoutEnd(jpeg), jpeg.length - 2, samsungTrailer),
  ],
  ['with zeros in place of its end', (jpeg) => Buffer.concat([withoutEnd(jpeg), Buffer.alloc(5000)])],
  ['with zeros behind its end', (jpeg) => Buffer.concat([jpeg, Buffer.alloc(5000)])],
  ['with another picture behind its end', (jpeg) => Buffer.concat([jpeg, jpeg, Buffer.from('trailer')])],
  ['with the half of another picture behind its end', (jpeg) => Buffer.concat([jpeg, jpeg.subarray(0, 5000)])],
  ['of JFIF 9', (jpeg) => insert(jpeg, 2, '\xff\xe0\0\x10JFIF\0\x09\x01\0\0\x01\0\x01\0\0')],
  ['of a colour transform that nobody knows', (jpeg) => insert(jpeg, 2, '\xff\xee\0\x0eAdobe\0d\0\0\0\0\x07')],
];

for (const kind of kinds) {
  test.each(whole)(`a ${kind} JPEG %s is taken with all its pixels`, async (_how, spoil) => {
    const wanted = await render(take(kind));
    expect(await render(spoil(take(kind)))).toEqual(wanted);
  });
}

test.each([
  ['Se = 0, as Samsung wrote it', [0, 0, 0]],
  ['Ss = 1', [1, 63, 0]],
  ['approximations', [0, 63, 0x11]],
])('a sequential JPEG whose scan says %s is taken with all its pixels', async (_how, parameters) => {
  for (const kind of ['baseline', 'restarting', 'grey']) {
    const jpeg = spellScan(take(kind), parameters);
    expect(await render(jpeg)).toEqual(await render(take(kind)));
    expect(await render(withoutEnd(jpeg))).toEqual(await render(take(kind)));
  }
});

const half = (jpeg: Buffer) => jpeg.subarray(0, jpeg.length / 2);
const end = Buffer.from([0xff, 0xd9]);
const middle = (jpeg: Buffer) => Math.floor((dataAt(jpeg) + jpeg.length) / 2);

const lost: [string, Spoil, string][] = [
  ['is halved', half, 'truncated'],
  ['ends in its header', (jpeg) => jpeg.subarray(0, 400), 'truncated'],
  ['lacks its last three bytes', (jpeg) => jpeg.subarray(0, jpeg.length - 4), 'truncated'],
  ['lacks its last hundred bytes', (jpeg) => jpeg.subarray(0, jpeg.length - 100), 'truncated'],
  ['is halved and padded with zeros', (jpeg) => Buffer.concat([half(jpeg), Buffer.alloc(jpeg.length)]), 'truncated'],
  [
    'is halved and padded with ones',
    (jpeg) => Buffer.concat([half(jpeg), Buffer.alloc(jpeg.length, 0xff)]),
    'truncated',
  ],
  ['is halved, with an end marker', (jpeg) => Buffer.concat([half(jpeg), end]), 'broken'],
  ['has a hole', (jpeg) => cutOut(jpeg, middle(jpeg), 4000), 'broken'],
  ['has a start marker among its data', (jpeg) => insert(jpeg, middle(jpeg), '\xff\xd8'), 'broken'],
  ['has another picture among its data', (jpeg) => insert(jpeg, middle(jpeg), jpeg.toString('latin1')), 'broken'],
];

// Of what is lost in the last rows of one whose colours are not subsampled libvips does not tell.
for (const kind of ['baseline', 'progressive', 'grey', 'full-colour']) {
  test.each(lost)(`a ${kind} JPEG that %s is refused`, async (_how, spoil, fault) => {
    await expect(render(spoil(take(kind)))).rejects.toMatchObject({ fault });
  });
}

test.each([
  ['Se = 0', (jpeg: Buffer) => spellScan(jpeg, [0, 0, 0])],
  ['zeros between its segments', (jpeg: Buffer) => insert(jpeg, segmentAt(jpeg, 0xdb), '\0\0\0')],
])('%s hides no pixel that is lost', async (_how, spoil) => {
  const jpeg = spoil(take('baseline'));
  await expect(render(half(jpeg))).rejects.toMatchObject({ fault: 'truncated' });
  await expect(render(cutOut(jpeg, middle(jpeg), 4000))).rejects.toMatchObject({ fault: 'broken' });
  await expect(render(insert(jpeg, middle(jpeg), '\xff\xd8'))).rejects.toMatchObject({ fault: 'broken' });
});

test('what only begins like a JPEG is refused', async () => {
  const nothing = Buffer.concat([Buffer.from('ffd8ffd9', 'hex'), Buffer.alloc(100)]);
  await expect(render(nothing)).rejects.toMatchObject({ fault: 'broken' });
  await expect(render(insert(take('baseline'), 2, '\xff\xd8'))).rejects.toMatchObject({ fault: 'broken' });
  await expect(render(Buffer.from('ffd8ffe00001', 'hex'))).rejects.toMatchObject({ fault: 'truncated' });
});

test('a JPEG of nothing but markers costs nothing', async () => {
  for (const bytes of [
    Buffer.alloc(4_000_000, Buffer.from('ffd8', 'hex')),
    Buffer.concat([Buffer.from('ffd8', 'hex'), Buffer.alloc(8_000_000, Buffer.from('ffe00002', 'hex'))]),
  ]) {
    await expect(render(bytes)).rejects.toMatchObject({ fault: expect.stringMatching(/truncated|broken/) });
  }
});

test('a JPEG of more scans than any picture is refused before they are read', async () => {
  const jpeg = take('progressive');
  const scan = jpeg.lastIndexOf(Buffer.from([0xff, 0xda]));
  // The last scan once more refines what it has refined already, which libjpeg only wonders about.
  const more = (count: number) =>
    insert(jpeg, jpeg.length - 2, jpeg.toString('latin1', scan, jpeg.length - 2).repeat(count));
  expect((await render(more(1))).width).toBe(320);
  await expect(render(more(100))).rejects.toMatchObject({ fault: 'broken', message: 'broken' });
});
