import type { ConnectRouter } from '@connectrpc/connect';
import { SessionService } from '@kilas/contracts/gen/kilas/user/v1/session_service_pb.js';
import { registerRpc } from '@kilas/platform/rpc/rpc-server.ts';
import type { UserContext } from '../context.ts';
import { authenticate } from './authenticate.ts';

export function registerIdentityRpc(router: ConnectRouter, ctx: UserContext): void {
  registerRpc(
    router,
    SessionService,
    { authenticate: ['upload', 'photo', 'transaction'] },
    {
      async authenticate(request) {
        const { roles, ...identity } = await authenticate(ctx, request.accessToken);
        return { ...identity, roles: [...roles] };
      },
    },
  );
}
