import { turnFaces } from './faces/face-store.ts';
import { turnImprints } from './faces/imprint-store.ts';
import { turnTemplates } from './templates/template-store.ts';
import type { StoredVectors } from './turning/turning.ts';
import { turnTypicalFace } from './typical-faces/typical-face-store.ts';

/** All vectors that this service stores. */
export const storedVectors: StoredVectors = {
  turnEmbeddings: async (tx, packId, turn) =>
    (await turnTypicalFace(tx, packId, turn)) +
    (await turnFaces(tx, packId, turn)) +
    (await turnTemplates(tx, packId, turn)),
  turnImprints,
};
