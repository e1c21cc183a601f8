import { createClient } from '@connectrpc/connect';
import { SessionService } from '@kilas/contracts/gen/kilas/user/v1/session_service_pb.js';
import type { Peers } from '@kilas/platform/rpc/rpc.ts';
import type { Authenticate } from './identity.ts';

/** Asks the user service, for every service that is not it. */
export function authenticateWith(peers: Peers): Authenticate {
  const sessions = createClient(SessionService, peers('user'));
  return async (accessToken) => {
    const answer = await sessions.authenticate({ accessToken });
    const { accountId, sessionId, roles, consentEpoch, consentCoversConfirmedFaces, matchLevel, timeZone } = answer;
    return { accountId, sessionId, roles, consentEpoch, consentCoversConfirmedFaces, matchLevel, timeZone };
  };
}
