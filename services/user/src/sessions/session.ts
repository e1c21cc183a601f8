export type SessionEndReason = 'signed_out' | 'ended' | 'token_reused' | 'too_many';

/** A session that is not used for so long ends. */
export const sessionLifetimeSeconds = 30 * 24 * 3600;
/** What ended, ran out or was rotated is forgotten after this time; a stolen token that old opens nothing. */
export const sessionKeptSeconds = 30 * 24 * 3600;
/** Of one account at a time; the one unused for longest makes room. */
export const sessionCountMax = 20;
export const userAgentLengthMax = 200;

/**
 * For so long after its rotation a refresh token is answered again, with the same successor: two tabs that refresh
 * together and a client that lost the answer go on. A thief gains nothing by it, since thief and owner then hold the same
 * token, and the second of them to use it later ends the session.
 */
export const refreshGraceSeconds = 30;
