import { refuse } from '@kilas/messages/refuse.ts';
import type { FileWindow } from './file-window.ts';
import { WorkBudget } from './work-budget.ts';

const endOfImage = 0xd9;
/** Markers that stand alone: start of image and TEM. */
const bareMarkers = new Set([0xd8, 0x01]);
/** A progressive picture with all that software adds has some thousands. */
const markerCountMax = 100_000;

/**
 * Walks from marker to marker (ITU-T T.81, annex B) to the end of the image; refuses with IMAGE_TRUNCATED when there is
 * none. What follows it, as many phones append, does not matter.
 */
export async function checkJpeg(file: FileWindow): Promise<void> {
  const budget = new WorkBudget(markerCountMax);
  let at = 2;
  for (;;) {
    budget.take(1);
    const { code, end } = await findMarker(file, at);
    if (code === endOfImage) return;
    if (bareMarkers.has(code)) {
      at = end;
      continue;
    }
    const length = (await file.bytes(end, 2)).readUInt16BE(0);
    if (length < 2) refuse('IMAGE_BROKEN');
    at = end + length;
  }
}

/** The next marker at or after `from`. In the compressed data a stuffed zero or a restart marker follows each 0xff. */
async function findMarker(file: FileWindow, from: number): Promise<{ code: number; end: number }> {
  for (let at = from; ; ) {
    const bytes = await file.atLeast(at, 2);
    if (bytes.length < 2) refuse('IMAGE_TRUNCATED');
    for (let i = bytes.indexOf(0xff); i !== -1 && i + 1 < bytes.length; i = bytes.indexOf(0xff, i + 1)) {
      const code = bytes[i + 1] ?? 0;
      const isData = code === 0 || code === 0xff || (code >= 0xd0 && code <= 0xd7);
      if (!isData) return { code, end: at + i + 2 };
    }
    at += bytes.length - 1;
  }
}
