import { resizePicture } from './render-view.ts';
import type { RgbImage } from './rgb-image.ts';

/** A picture at `scale` times its size. */
export interface Level {
  readonly image: RgbImage;
  readonly scale: number;
}

/** A picture and its halvings, each made from the one before it when it is first asked for: shrinking from there takes little time. */
export class Pyramid {
  readonly picture: RgbImage;
  readonly #levels: [Level, ...Level[]];

  constructor(picture: RgbImage) {
    this.picture = picture;
    this.#levels = [{ image: picture, scale: 1 }];
  }

  /** The smallest level of at least `scale` times the picture's size; the picture itself where that enlarges it. */
  async level(scale: number): Promise<Level> {
    let level = this.#levels[0];
    for (let i = 1; level.scale / 2 >= scale && level.image.width * level.image.height > 1; i++) {
      const half = this.#levels[i] ?? (await halve(level));
      this.#levels[i] = half;
      level = half;
    }
    return level;
  }

  /** The picture `scale` times its size. */
  async scaled(scale: number): Promise<RgbImage> {
    const { image } = await this.level(scale);
    return resizePicture(image, Math.round(this.picture.width * scale), Math.round(this.picture.height * scale));
  }
}

async function halve({ image, scale }: Level): Promise<Level> {
  const half = await resizePicture(image, Math.ceil(image.width / 2), Math.ceil(image.height / 2));
  return { image: half, scale: scale / 2 };
}
