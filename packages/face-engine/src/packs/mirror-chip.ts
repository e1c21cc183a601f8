/** The mirror image of a square RGB image. */
export function mirrorChip(chip: Uint8Array, sizePx: number): Uint8Array {
  const mirrored = new Uint8Array(chip.length);
  const lastColumn = (sizePx - 1) * 3;
  for (let row = 0; row < chip.length; row += sizePx * 3) {
    for (let x = 0; x <= lastColumn; x += 3) {
      for (let c = 0; c < 3; c++) mirrored[row + lastColumn - x + c] = chip[row + x + c] ?? 0;
    }
  }
  return mirrored;
}
