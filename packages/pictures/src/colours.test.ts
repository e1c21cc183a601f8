import sharp, { type Exif, type ExifDir, type Sharp } from 'sharp';
import { expect, test } from 'vitest';
import { makeAdobeRgbProfile } from './adobe-rgb.ts';
import { embedIntoJpeg, embedIntoPng } from './embed-profile.ts';
import { chartColours, chartSize, drawFields, expectChart, openFields, render, toAdobeRgb } from './testing/chart.ts';
import { type TiffEntry, writeTiff } from './testing/tiff.ts';

const jpeg = { quality: 100, chromaSubsampling: '4:4:4' } as const;
const avif = { quality: 95, effort: 0, chromaSubsampling: '4:4:4' } as const;
const deep = (image: Sharp) => image.toColourspace('rgb16');

/** As exports of cameras and editors are: each format in each depth that it has. */
const formats: [string, number, (image: Sharp) => Sharp][] = [
  ['JPEG', 3, (image) => image.jpeg(jpeg)],
  ['progressive JPEG', 3, (image) => image.jpeg({ ...jpeg, progressive: true })],
  ['PNG of 8 bits', 3, (image) => image.png()],
  ['PNG of 16 bits', 3, (image) => deep(image).png()],
  ['interlaced PNG of 16 bits with transparency', 3, (image) => deep(image.ensureAlpha()).png({ progressive: true })],
  ['WebP', 10, (image) => image.webp({ quality: 100 })],
  ['lossless WebP with transparency', 3, (image) => image.ensureAlpha().webp({ lossless: true })],
  ['AVIF of 8 bits', 6, (image) => image.avif({ ...avif, bitdepth: 8 })],
  ['AVIF of 10 bits', 6, (image) => image.avif({ ...avif, bitdepth: 10 })],
  ['AVIF of 12 bits', 6, (image) => image.avif({ ...avif, bitdepth: 12 })],
  ['TIFF of 8 bits', 3, (image) => image.tiff({ compression: 'lzw' })],
  ['TIFF of 16 bits', 3, (image) => deep(image).tiff({ compression: 'lzw' })],
  [
    'BigTIFF of 16 bits in tiles',
    3,
    (image) => deep(image).tiff({ compression: 'deflate', bigtiff: true, tile: true }),
  ],
];

const profiles: [string, (image: Sharp) => Sharp][] = [
  ['no profile', (image) => image],
  ['the profile of sRGB', (image) => image.withIccProfile('srgb')],
  ['that of Display P3', (image) => image.withIccProfile('p3')],
];

for (const [profile, give] of profiles) {
  test.each(formats)(`a chart in %s with ${profile} has its colours`, async (_format, tolerance, save) => {
    const bytes = await save(give(openFields())).toBuffer();
    expect((await sharp(bytes).metadata()).hasProfile).toBe(profile !== 'no profile');
    await expectChart(bytes, tolerance);
  });
}

const adobe = () => openFields(chartColours.map(toAdobeRgb));

test('a chart in Adobe RGB has its colours, in JPEG and in PNG of both depths', async () => {
  const profile = makeAdobeRgbProfile();
  await expectChart(embedIntoJpeg(await adobe().jpeg(jpeg).toBuffer(), profile), 4);
  await expectChart(embedIntoPng(await adobe().png().toBuffer(), profile), 3);
  await expectChart(embedIntoPng(await deep(adobe()).png().toBuffer(), profile), 3);
});

/** sharp writes the directory of interoperability, though its types do not name it. */
interface CameraExif extends Exif {
  IFD4?: ExifDir;
}

/** What cameras write that are set to Adobe RGB, and nothing else: no profile. */
const told: CameraExif = { IFD2: { ColorSpace: '65535' }, IFD4: { InteroperabilityIndex: 'R03' } };

test.each(formats.filter(([name]) => !name.includes('TIFF')))(
  'a chart in %s that only its EXIF says is in Adobe RGB has its colours',
  async (_format, tolerance, save) => {
    const bytes = await save(adobe().withExif(told)).toBuffer();
    expect((await sharp(bytes).metadata()).icc).toBeUndefined();
    await expectChart(bytes, tolerance + 3);
  },
);

test('EXIF that says sRGB, R98 or nothing, or ends too soon, and a profile beside R03, leave the colours as they are', async () => {
  const plain: CameraExif[] = [
    { IFD2: { ColorSpace: '1' }, IFD4: { InteroperabilityIndex: 'R03' } },
    { IFD2: { ColorSpace: '1' }, IFD4: { InteroperabilityIndex: 'R98' } },
    { IFD2: { ColorSpace: '65535' } },
  ];
  for (const exif of plain) await expectChart(await openFields().withExif(exif).jpeg(jpeg).toBuffer(), 3);
  await expectChart(await openFields().withExif(told).withIccProfile('p3').jpeg(jpeg).toBuffer(), 3);
  const bytes = await openFields().jpeg(jpeg).toBuffer();
  const block = Buffer.from('Exif\0\0II*\0\x08\0\0\0\x01\0\x69\x87\x04\0\x01\0\0\0\xff\xff\xff\x7f', 'latin1');
  const head = Buffer.from([0xff, 0xe1, 0, block.length + 2]);
  await expectChart(Buffer.concat([bytes.subarray(0, 2), head, block, bytes.subarray(2)]), 3);
});

test('a chart in Lab has its colours, of eight bits, of sixteen and in floating point', async () => {
  await expectChart(await writeLabTiff(), 5);
  await expectChart(await openFields().toColourspace('labs').tiff({ compression: 'lzw' }).toBuffer(), 4);
  await expectChart(await openFields().toColourspace('lab').tiff({ compression: 'none' }).toBuffer(), 4);
});

/** Entries of a page with a fourth channel of this kind: 0 not told, 1 or 2 transparency. */
function fourth(kind: number): TiffEntry[] {
  return [
    { tag: 258, type: 3, values: [8, 8, 8, 8] },
    { tag: 277, type: 3, values: [4] },
    { tag: 338, type: 3, values: [kind] },
  ];
}

/** The same pixels with a fourth channel. */
function addChannel(pixels: Buffer, value: number): Buffer {
  const more = Buffer.alloc((pixels.length / 3) * 4, value);
  for (let at = 0; at < pixels.length / 3; at++) pixels.copy(more, at * 4, at * 3, at * 3 + 3);
  return more;
}

test('a mask that an editor keeps with a TIFF is no transparency', async () => {
  const masked = addChannel(drawFields(), 0);
  await expectChart(writeTiff([{ ...chartSize, pixels: masked, entries: fourth(0) }]), 1);
  const { data } = await render(writeTiff([{ ...chartSize, pixels: masked, entries: fourth(2) }]));
  expect(data.every((value) => value === 255)).toBe(true);
});

test('a chart in Lab with a fourth channel has its colours', async () => {
  const pixels = addChannel(await drawLab(), 255);
  for (const kind of [0, 2]) {
    await expectChart(writeTiff([{ ...chartSize, pixels, photometric: 8, entries: fourth(kind) }]), 5);
  }
});

async function writeLabTiff(): Promise<Buffer> {
  return writeTiff([{ ...chartSize, pixels: await drawLab(), photometric: 8 }]);
}

/** Lab as Photoshop writes it: lightness from 0 to 255, the two others with a sign. */
async function drawLab(): Promise<Buffer> {
  const raw = await openFields().toColourspace('lab').raw({ depth: 'float' }).toBuffer();
  const lab = new Float32Array(raw.buffer, raw.byteOffset, raw.length / 4);
  return Buffer.from(lab.map((value, index) => Math.round(index % 3 === 0 ? value * 2.55 : value)));
}

test('a chart in light itself, of floating point, has its colours', async () => {
  await expectChart(await openFields().toColourspace('scrgb').tiff({ compression: 'none' }).toBuffer(), 4);
});

test('inks become colours of the same kind, with their profile and without', async () => {
  // Of these colours no ink has the full strength.
  for (const save of [(image: Sharp) => image.jpeg(jpeg), (image: Sharp) => image.tiff({ compression: 'lzw' })]) {
    const bytes = await save(openFields().toColourspace('cmyk')).toBuffer();
    await expectChart(bytes, 62);
    await expectChart(await save(openFields().toColourspace('cmyk').withIccProfile('cmyk')).toBuffer(), 80);
  }
});

test('grey becomes three equal channels, by its profile where it has one', async () => {
  const half = 0x80;
  const grey = openFields([
    [half, half, half],
    [0, 0, 0],
    [255, 255, 255],
    [64, 64, 64],
  ]);
  const linear = makeGreyProfile();
  for (const depth of ['b-w', 'grey16'] as const) {
    const plain = await grey.clone().toColourspace(depth).png().toBuffer();
    expect((await sharp(plain).metadata()).channels).toBe(1);
    await expectChart(plain, 2, [
      [half, half, half],
      [0, 0, 0],
      [255, 255, 255],
      [64, 64, 64],
    ]);
    // Half of the light is 188 in sRGB, a quarter 137.
    await expectChart(embedIntoPng(plain, linear), 2, [
      [188, 188, 188],
      [0, 0, 0],
      [255, 255, 255],
      [137, 137, 137],
    ]);
  }
});

/** A profile of grey that is in proportion to light. */
function makeGreyProfile(): Buffer {
  const profile = Buffer.from(makeAdobeRgbProfile());
  profile.write('GRAY', 16, 'latin1');
  const count = profile.readUInt32BE(128);
  for (let at = 132; at < 132 + count * 12; at += 12) {
    if (profile.toString('latin1', at, at + 4) !== 'rTRC') continue;
    profile.write('kTRC', at, 'latin1');
    profile.writeUInt16BE(256, profile.readUInt32BE(at + 4) + 12);
  }
  return profile;
}

test('a profile that is broken or of another kind is as good as none', async () => {
  const p3 = (await sharp(await openFields().withIccProfile('p3').png().toBuffer()).metadata()).icc ?? Buffer.alloc(0);
  const png = await openFields().png().toBuffer();
  const deepPng = await deep(openFields()).png().toBuffer();
  for (const profile of [p3.subarray(0, 200), Buffer.alloc(300, 7), makeGreyProfile()]) {
    await expectChart(embedIntoPng(png, profile), 3);
    await expectChart(embedIntoPng(deepPng, profile), 3);
    await expectChart(embedIntoJpeg(await openFields().jpeg(jpeg).toBuffer(), profile), 3);
  }
});

test.each([1, 2, 3, 4, 5, 6, 7, 8])('a chart stored in orientation %i is upright', async (orientation) => {
  const quarterTurns = [0, 0, 180, 180, 90, 270, 270, 90][orientation - 1] ?? 0;
  const isMirrored = [2, 4, 5, 7].includes(orientation);
  const turned = await openFields().rotate(quarterTurns).png().toBuffer();
  const stored = isMirrored ? sharp(turned).flop() : sharp(turned);
  for (const save of [
    (image: Sharp) => image.jpeg(jpeg),
    (image: Sharp) => image.png(),
    (image: Sharp) => deep(image).png(),
    (image: Sharp) => image.webp({ lossless: true }),
    (image: Sharp) => image.tiff({ compression: 'lzw' }),
  ]) {
    await expectChart(await save(stored.clone().withMetadata({ orientation })).toBuffer(), 4);
  }
});

test('what is transparent is white', async () => {
  const clear = { create: { width: 8, height: 8, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0 } } } as const;
  for (const image of [
    sharp(clear).png(),
    deep(sharp(clear)).png(),
    sharp(clear).webp(),
    sharp(clear).avif({ effort: 0 }),
  ]) {
    const { data } = await render(await image.toBuffer());
    expect(Math.min(...data)).toBeGreaterThanOrEqual(253);
  }
});
