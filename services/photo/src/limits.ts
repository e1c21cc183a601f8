import type { SharedState } from '@kilas/platform/shared/shared-state.ts';

const hourSeconds = 3600;

export function openLimits(shared: SharedState) {
  return {
    eventsByCreator: shared.rateLimit('photo-events-by-creator', { attempts: 100, windowSeconds: hourSeconds }),
    /** Each is told to somebody. */
    invitationsByOwner: shared.rateLimit('photo-invitations-by-owner', { attempts: 300, windowSeconds: hourSeconds }),
    /** Of one owner to one creator: nobody is to be called again and again. */
    invitationsByPair: shared.rateLimit('photo-invitations-by-pair', { attempts: 10, windowSeconds: 24 * hourSeconds }),
    /** Each moves up to hundreds of photos, and their faces. */
    movesByCreator: shared.rateLimit('photo-moves-by-creator', { attempts: 600, windowSeconds: hourSeconds }),
    /** Each changes or deletes up to hundreds of photos, or an event. */
    changesByCreator: shared.rateLimit('photo-changes-by-creator', { attempts: 600, windowSeconds: hourSeconds }),
    /** Each reads the times of up to ten thousand photos anew, in all lists that hold them. */
    rereadsByOwner: shared.rateLimit('photo-rereads-by-owner', { attempts: 30, windowSeconds: hourSeconds }),
    /** Each may have ai search all photos. */
    answersByMember: shared.rateLimit('photo-answers-by-member', { attempts: 1_000, windowSeconds: hourSeconds }),
  };
}

export type Limits = ReturnType<typeof openLimits>;
