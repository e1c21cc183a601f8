import { createHash } from 'node:crypto';
import { asAnotherShot } from '@kilas/samples/as-another-shot.ts';
import { samplePhotoFiles } from '@kilas/samples/photos.ts';
import sharp from 'sharp';
import { makePoison } from './make-poison.ts';

/** 0.3 megapixels: the drill is about what is lost, not about how fast images are made. */
const width = 640;
const height = 480;
/** One photo in so many shows somebody. */
const personEvery = 5;
/** Of those, one in so many shows the other one. */
const leaverEvery = 4;

/** Two people of the sixth sample photo, in pixels: all who stay enrol the one, all who leave the other. */
const cuts = {
  stayer: { left: 562, top: 162, width: 383, height: 638 },
  leaver: { left: 1370, top: 63, width: 443, height: 680 },
};
const portraitHeight = 400;
/** What selfies of them are bent by, as a share of the width: no more pictures of the portrait, and found all the same. */
const bentBy = { stayer: 0.014, leaver: 0.022 };

export type Who = keyof typeof cuts;

export interface Picture {
  readonly bytes: Buffer;
  readonly sha256: string;
  readonly shows: Who | undefined;
  /** Engines die of it that were started with `poison.ts`. */
  readonly isPoison?: boolean;
}

/** Makes distinct JPEGs, some with one of two faces. */
export class PictureMaker {
  readonly #portraits: Readonly<Record<Who, Buffer>>;
  readonly #ground: Buffer;
  #count = 0;

  private constructor(portraits: Readonly<Record<Who, Buffer>>, ground: Buffer) {
    this.#portraits = portraits;
    this.#ground = ground;
  }

  static async open(): Promise<PictureMaker> {
    const sample = (await samplePhotoFiles())[5];
    if (sample === undefined) throw new Error('the sample photos are not installed');
    const cut = (who: Who) => sharp(sample).extract(cuts[who]).resize({ height: portraitHeight }).png().toBuffer();
    // Grain, or a photo would be so small that it always arrives whole.
    const noise = { type: 'gaussian', mean: 120, sigma: 12 } as const;
    const ground = await sharp({ create: { width, height, channels: 3, background: '#000', noise } })
      .png()
      .toBuffer();
    return new PictureMaker({ stayer: await cut('stayer'), leaver: await cut('leaver') }, ground);
  }

  async makePhoto(): Promise<Picture> {
    const number = ++this.#count;
    const shows = whoIsIn(number);
    const layers = [{ input: stripes(number), left: 0, top: 0 }];
    // Its place differs, so that no two photos are alike.
    if (shows !== undefined) layers.push({ input: this.#portraits[shows], left: 20 + ((number * 7) % 300), top: 40 });
    const bytes = await sharp(this.#ground).tint(colourOf(number)).composite(layers).jpeg({ quality: 90 }).toBuffer();
    return { bytes, sha256: createHash('sha256').update(bytes).digest('hex'), shows };
  }

  async makePoison(): Promise<Picture> {
    const bytes = await makePoison();
    return { bytes, sha256: createHash('sha256').update(bytes).digest('hex'), shows: undefined, isPoison: true };
  }

  /** The face as in another shot, for a crop of a photo is no selfie; each selfie differs in its bytes. */
  async makeSelfie(who: Who): Promise<Buffer> {
    const shot = await asAnotherShot(this.#portraits[who], bentBy[who]);
    return sharp(shot)
      .resize({ width: 480 })
      .modulate({ brightness: 0.85, saturation: 0.9 })
      .jpeg({ quality: 80 })
      .withExif({ IFD0: { ImageDescription: `selfie ${++this.#count}` } })
      .toBuffer();
  }
}

function whoIsIn(number: number): Who | undefined {
  if (number % personEvery > 0) return undefined;
  return number % (personEvery * leaverEvery) === 0 ? 'leaver' : 'stayer';
}

function colourOf(number: number) {
  return { r: (number * 37) % 200, g: (number * 59) % 200, b: 80 + ((number * 83) % 120) };
}

/** The number of the picture in bars, by its bits. */
function stripes(number: number): Buffer {
  const bars = Array.from({ length: 16 }, (_, bit) =>
    (number >> bit) % 2 === 1 ? `<rect x="${bit * 40}" y="330" width="30" height="140" fill="#fff"/>` : '',
  );
  return Buffer.from(`<svg width="${width}" height="${height}">${bars.join('')}</svg>`);
}
