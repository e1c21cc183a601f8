import type { ConnectRouter } from '@connectrpc/connect';
import { type Match as MatchMessage, MatchService } from '@kilas/contracts/gen/kilas/photo/v1/match_service_pb.js';
import { refuse } from '@kilas/messages/refuse.ts';
import { registerRpc } from '@kilas/platform/rpc-server.ts';
import type { PhotoContext } from '../context.ts';
import type { Match } from './match.ts';
import { deleteMatchesOfFacecam, markRecognitionFailed } from './match-store.ts';
import { recordMatches } from './record-matches.ts';
import { recordRecognition } from './record-recognition.ts';

export function registerMatchRpc(router: ConnectRouter, ctx: PhotoContext): void {
  registerRpc(
    router,
    MatchService,
    { recordRecognition: ['ai'], failRecognition: ['ai'], recordMatches: ['ai'], forgetFacecam: ['ai'] },
    {
      async recordRecognition({ photoId, faceCount, processedKey, matches }) {
        await recordRecognition(ctx, { photoId, faceCount, processedKey, matches: matches.map(matchOf) });
        return {};
      },
      async failRecognition({ photoId, reason }) {
        await markRecognitionFailed(ctx.db, photoId, reason);
        return {};
      },
      async recordMatches({ matches }) {
        await recordMatches(ctx, matches.map(matchOf));
        return {};
      },
      async forgetFacecam({ memberId, facecamId }) {
        await deleteMatchesOfFacecam(ctx.db, { memberId, facecamId });
        return {};
      },
    },
  );
}

function matchOf({ box, ...match }: MatchMessage): Match {
  if (box === undefined) refuse('REQUEST_INVALID');
  return { ...match, box };
}
