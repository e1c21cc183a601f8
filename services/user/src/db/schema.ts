import type { Locale } from '@kilas/platform/problems/problem.ts';
import type { ColumnType, GeneratedAlways } from 'kysely';
import type { NotificationKind } from '../notifications/notification.ts';
import type { SessionEndReason } from '../sessions/session.ts';

/** Written as text, read as what it holds. */
type Json = ColumnType<unknown, string, string>;
type NullableJson = ColumnType<unknown, string | null, string>;

/** Tables whose rows are never changed nor deleted; the service has no right to. */
export const appendOnly = ['consent_receipts'];

export interface UserSchema {
  handled_events: { event_id: string };
  accounts: {
    id: string;
    email: string;
    username: string;
    password_hash: string;
    locale: Locale;
    match_level: number | null;
    /** The loosest one chosen since the last withdrawal; null where that is not known. */
    loosest_level: ColumnType<number | null, number | null | undefined, number | null>;
    /** Null for the installation's. */
    time_zone: string | null;
    created_at: Date;
  };
  registrations: {
    id: string;
    email: string;
    username: string;
    password_hash: string;
    locale: Locale;
    created_at: Date;
  };
  verification_links: {
    token_hash: string;
    registration_id: string;
    created_at: Date;
    expires_at: Date;
  };
  creators: { account_id: string; display_name: string; joined_at: Date };
  sessions: {
    id: string;
    account_id: string;
    user_agent: string;
    created_at: Date;
    last_used_at: Date;
    expires_at: Date;
    ended_at: Date | null;
    end_reason: SessionEndReason | null;
  };
  refresh_tokens: { token_hash: string; session_id: string; created_at: Date; rotated_at: Date | null };
  consents: {
    id: string;
    account_id: string;
    epoch: number;
    version: string;
    given_at: Date;
    withdrawn_at: Date | null;
  };
  consent_receipts: { id: string; account_id: string; epoch: number; event_id: string; requested_at: Date };
  consent_erasures: {
    receipt_id: string;
    service: string;
    effects: NullableJson;
    completed_at: Date | null;
    unsearchable_at: Date | null;
    gone_at: Date | null;
    vectors_probed: number | null;
    survivors: number | null;
    cut_off_until: Date | null;
    cut_off_asked_at: Date | null;
    cut_off_gone_at: Date | null;
  };
  notifications: {
    id: string;
    account_id: string;
    kind: NotificationKind;
    data: Json;
    created_at: Date;
    read_at: Date | null;
    position: GeneratedAlways<bigint>;
  };
  alike_members: { member_id: string; other_member_id: string; told_at: Date };
}
