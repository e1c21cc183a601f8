/** Side of the square chip on which dlib aligns a face, in pixels, and the share of the face that is left around it on each side. */
export const dlibChipPx = 150;
const chipPadding = 0.25;

/**
 * Where dlib puts five of the 68 points on its chip, in pixels: both corners of each eye and the base of the nose. Given there in
 * fractions of the unpadded chip. Source: dlib `get_face_chip_details`, five-point model.
 */
export const dlibAnchors = [
  { landmark: 45, x: 0.8595674595992, y: 0.2134981538014 },
  { landmark: 42, x: 0.6460604764104, y: 0.2289674387677 },
  { landmark: 36, x: 0.1205750620789, y: 0.2137274526848 },
  { landmark: 39, x: 0.3340850613712, y: 0.2290642403242 },
  { landmark: 33, x: 0.4901123135679, y: 0.6277975316475 },
].map(({ landmark, x, y }) => ({ landmark, x: toChip(x), y: toChip(y) }));

function toChip(fraction: number): number {
  return ((chipPadding + fraction) / (1 + 2 * chipPadding)) * dlibChipPx;
}
