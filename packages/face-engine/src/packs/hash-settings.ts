import { createHash } from 'node:crypto';
import type { PackManifest } from './manifest.ts';

/**
 * SHA-256, in hexadecimal digits, of what a manifest says that makes a distance, or the rate stated for it, another one: how faces are
 * fed, aligned and normalised, and the calibration. Whoever changes one of these has a pack that nobody measured. Texts for readers are
 * left out, and so is which faces are found.
 */
export function hashSettings({ detector, landmarks, embedder, calibration, typicalFace }: PackManifest): string {
  const { kind, input, chipPx, alignment, dimension } = embedder;
  const { data: _, ...rates } = calibration;
  const settings = {
    detector: { kind: detector.kind, input: detector.input },
    landmarks: landmarks.layout,
    embedder: { kind, input, chipPx, alignment, dimension },
    calibration: rates,
    typicalFace: typicalFace ?? null,
  };
  return createHash('sha256').update(JSON.stringify(settings, sortKeys)).digest('hex');
}

/** The order in which an operator writes fields means nothing. */
function sortKeys(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
