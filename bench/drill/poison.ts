import { registerHooks } from 'node:module';

// Loaded before an ai service (`node --import`), gives it an engine that dies of one kind of picture: of one whose corner is of one colour. It
// dies as native code does, of a signal that nothing in the process can catch.

/** What the engines read their pictures with. */
const file = import.meta.resolve('@kilas/face-engine/pixels/decode-image.ts');

/** What stands in its place reads with the true one, and looks at the corner. JPEG changes the colour a little, most at the edge. */
const deadly = `
import { decodeImage as decodeHonestly } from '${file}?honest';
export * from '${file}?honest';

const [sidePx, edgePx, tolerance, poison] = [48, 8, 32, [255, 0, 255]];

function isPoison({ data, width, height }) {
  if (width < sidePx || height < sidePx) return false;
  for (let y = edgePx; y < sidePx - edgePx; y++) {
    for (let x = edgePx; x < sidePx - edgePx; x++) {
      const at = (y * width + x) * 3;
      if (poison.some((value, channel) => Math.abs(data[at + channel] - value) > tolerance)) return false;
    }
  }
  return true;
}

export async function decodeImage(...args) {
  const image = await decodeHonestly(...args);
  if (isPoison(image)) process.kill(process.pid, 'SIGSEGV');
  return image;
}
`;

registerHooks({
  load: (url, context, nextLoad) =>
    url === file ? { format: 'module', source: deadly, shortCircuit: true } : nextLoad(url, context),
});
