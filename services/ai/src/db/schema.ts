import type { ColumnType, Generated, GeneratedAlways } from 'kysely';
import type { FaceBox } from '../faces/face-box.ts';

/** `embedding` is written as text, "[0.1,…]"; distances are computed by the database. */
interface Embedded {
  pack_id: string;
  embedding: string;
  dimension: GeneratedAlways<number>;
}

export interface AiSchema {
  handled_events: { event_id: string };
  erased_members: { member_id: string; erased_epoch: number };
  default_cuts: { level_min: number; strangers_max: number; used_at: Date };
  turning: { is_only: Generated<boolean>; mark: string; turned_at: Date };
  packs: {
    pack_id: string;
    dimension: number;
    rank: Generated<number>;
    added_at: Generated<Date>;
    /** As the pack's manifest says; null when only embeddings are known of it. */
    calibration: ColumnType<unknown, string | undefined, string>;
  };
  photo_recognitions: {
    photo_id: string;
    creator_id: string;
    event_id: string | null;
    pack_id: string;
    face_count: number;
    processed_key: string;
    recognised_at: Date;
    erased_boxes: ColumnType<FaceBox[], string | undefined, string>;
    uploaded_at: Date | null;
    /** When the retention of its faces had ended: no pack looks at it again. */
    faces_erased_at: Date | null;
  };
  faces: Embedded & {
    face_id: string;
    photo_id: string;
    creator_id: string;
    event_id: string | null;
    box_left: number;
    box_top: number;
    box_width: number;
    box_height: number;
    score: number;
    eye_distance_px: number;
    sharpness: number;
    exposure: number;
    burnt_share: number | null;
    inside_share: number | null;
    yaw_deg: number | null;
    pitch_deg: number | null;
    roll_deg: number | null;
    quality: number | null;
    /** Whether it may decide: of one that may not, members are asked. */
    is_sure: Generated<boolean>;
    created_at: Date;
  };
  /** What a picture of a face shows that another picture of the person does not; none for faces that were found before there were any. */
  face_imprints: {
    face_id: string;
    imprint: string;
    /** Of the preview, with its watermark. */
    marked_imprint: string | null;
  };
  templates: Embedded & {
    facecam_id: string;
    member_id: string;
    consent_epoch: number;
    quality: number | null;
    real_score: number | null;
    live_score: number | null;
    /** Whether its selfie was proven to be taken of a person before the camera. */
    proven_live: Generated<boolean>;
    /** Whether the member is searched by it, under its pack and consent. */
    is_lead: Generated<boolean>;
    /** Of a lead: what all selfies beside it have in common; null for its own embedding. */
    likeness: ColumnType<string | null, string | null | undefined, string | null>;
    /** `confirmed`: a copy of the face of `photo_id`, which its member confirmed. */
    source: Generated<'selfie' | 'confirmed'>;
    photo_id: string | null;
    created_at: Date;
  };
  typical_faces: Embedded & {
    usual_distance: number;
    face_count: number;
    is_stale: Generated<boolean>;
    made_at: Date;
  };
  face_places: {
    photo_id: string;
    pack_id: string;
    member_id: string;
    consent_epoch: number;
    box_left: number;
    box_top: number;
    box_width: number;
    box_height: number;
    /** Null where it was shown by default. */
    level: number | null;
    /** Whether a facecam that was proven live found the member there. */
    proven_live: Generated<boolean>;
  };
  cut_off_places: {
    place_id: Generated<string>;
    photo_id: string;
    box_left: number;
    box_top: number;
    box_width: number;
    box_height: number;
    erase_at: Date;
  };
  forgotten_facecams: { facecam_id: string; member_id: string; forgotten_at: Date };
  untold_endings: { facecam_id: string; member_id: string };
  outdated_facecams: { facecam_id: string; member_id: string; consent_epoch: number };
  face_matches: {
    photo_id: string;
    member_id: string;
    pack_id: string;
    face_id: string;
    facecam_id: string;
    consent_epoch: number;
    distance: number;
  };
  photo_events: {
    photo_id: string;
    event_id: string | null;
    /** By the photo's creator: nothing is stored of it any more. */
    is_deleted: Generated<boolean>;
  };
  event_retentions: { event_id: string; faces_until: Date };
  erasures: {
    erasure_id: string;
    reason: 'withdrawal' | 'retention' | 'cut_off' | 'deletion';
    event_id: string | null;
    due_at: Date;
    template_count: Generated<number>;
    face_count: Generated<number>;
    erased_at: Date;
    unsearchable_at: Date | null;
    gone_at: Date | null;
    vectors_probed: Generated<number>;
    survivors: Generated<number>;
    /** Of a withdrawal: faces that were cut off from the member, until when they wait, and when they were gone. */
    cut_off_count: Generated<number>;
    cut_off_until: ColumnType<Date | null, Date | null | undefined, Date | null>;
    cut_off_gone_at: ColumnType<Date | null, Date | null | undefined, Date | null>;
  };
}

/** Tables that hold embeddings, a mean of them, or imprints: what is deleted or overwritten there is taken off the disk at once. */
export const embeddingTables = ['templates', 'faces', 'face_imprints', 'typical_faces'];
/** They say who is in which photo, and change all the time. */
export const matchTables = ['face_matches'];
