import { Count, Reading } from '@kilas/platform/telemetry/metrics.ts';

export const imagesAnalysed = new Count(
  'ai',
  'kilas_images_analysed_total',
  'Images given to an engine; refused: no image',
  {
    line: ['selfies', 'photos', 'again'],
    outcome: ['done', 'refused', 'error'],
  },
);
export const facesFound = new Count('ai', 'kilas_faces_found_total', 'Faces found in images', {
  line: ['selfies', 'photos', 'again'],
});
export const busySeconds = new Count(
  'ai',
  'kilas_engine_busy_seconds_total',
  'Seconds that images spent in the engines, together',
  {},
);

export const engines = new Reading(
  'kilas_engines',
  'Images that the face engines of this process have in work when they are busy',
);
export const packWaiting = new Reading(
  'kilas_pack_change_waiting',
  'Photos that the model pack in force has yet to see, and members who are not enrolled under it; 0 without a change',
  ['what'],
);
export const waiting = new Reading('kilas_analyses_waiting', 'Images that wait for an engine', ['line']);

export const overdue = new Reading(
  'kilas_faces_overdue_seconds',
  'Since when the longest overdue faces should be erased and proven to be gone; 0 when none is',
);

export const indexesMissing = new Reading(
  'kilas_face_indexes_missing',
  'Packs with more faces than are searched exactly, and no index yet; as of the last look, an hour ago at most',
);
export const indexRows = new Reading(
  'kilas_face_index_build_rows',
  'Faces in the index that this process builds now; absent without',
);
export const indexShare = new Reading(
  'kilas_face_index_build_ratio',
  'Part of the faces that the build has passed in its phase, 0 to 1; absent without',
  ['phase'],
);
