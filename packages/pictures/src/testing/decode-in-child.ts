import { DecodeMemory } from '../decode-memory.ts';
import { renderPicture } from '../render-picture.ts';

// Makes a JPEG of a picture, as upload does, and tells whether it came about and how much the memory of this process grew at most.
const [, , file = ''] = process.argv;
const limits = { pixelsMax: 1_000_000_000, secondsMax: 300, memory: new DecodeMemory(Number.MAX_SAFE_INTEGER) };
const before = process.resourceUsage().maxRSS;
const isMade = await renderPicture(file, limits, (pixels) => pixels.jpeg({ quality: 82 }).toBuffer()).then(
  () => true,
  () => false,
);
const grownBytes = (process.resourceUsage().maxRSS - before) * 1024;
process.stdout.write(JSON.stringify({ isMade, grownBytes }));
