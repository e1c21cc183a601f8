import type { PictureFormat } from '@kilas/pictures/picture-format.ts';
import type { ColumnType } from 'kysely';
import type { CaptureStep } from '../facecams/challenge.ts';

/** Set by the database when it is not given. */
type Defaulted<T> = ColumnType<T, T | undefined, T>;

export interface UploadSchema {
  handled_events: { event_id: string };
  uploads: {
    photo_id: string;
    creator_id: string;
    sha256: string;
    size_bytes: bigint;
    format: PictureFormat;
    /**
     * intended: the row stands, the original may; accepted: photo knows it and its job exists; processed: on sale as far as this
     * service is concerned; failed: with a reason, until someone tries again.
     */
    state: 'intended' | 'accepted' | 'processed' | 'failed';
    failure_reason: string | null;
    title: string;
    description: string;
    price_idr: bigint;
    sale: 'shared' | 'exclusive';
    event_id: string | null;
    /** Of the creator when they sent it; null where it was not known. */
    time_zone: string | null;
    latitude: number | null;
    longitude: number | null;
    original_key: string;
    compressed_key: string;
    preview_key: string;
    thumbnail_key: string;
    processed_key: string;
    derive_count: Defaulted<number>;
    derive_count_max: number;
    created_at: Date;
    updated_at: Date;
  };
  erased_members: { member_id: string; erased_epoch: Defaulted<number> };
  facecams: {
    facecam_id: string;
    member_id: string;
    consent_epoch: number;
    sha256: string;
    /** pending: stored, its template is a job; ready: it finds photos; failed: with a reason, it finds nothing. */
    state: 'pending' | 'ready' | 'failed';
    failure_reason: string | null;
    is_selfie_kept: boolean;
    selfie_key: string | null;
    created_at: Date;
    quality: Defaulted<number | null>;
    real_score: Defaulted<number | null>;
    live_score: Defaulted<number | null>;
    /** Whether it was proven to be taken of a person before the camera, and not of a picture. */
    proven_live: Defaulted<boolean>;
  };
  capture_challenges: {
    member_id: string;
    challenge_id: string;
    consent_epoch: number;
    steps: CaptureStep[];
    expires_at: Date;
  };
  pack_notices: { member_id: string; pack_id: string; noticed_at: Date; asked_at: Defaulted<Date | null> };
  selfie_intents: { selfie_key: string; created_at: Date };
  facecam_enrolments: { facecam_id: string; member_id: string; enrolled_at: Date };
}
