import { createPrivateKey, createPublicKey } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { SessionService } from '@kilas/contracts/gen/kilas/user/v1/session_service_pb.js';
import { openLog } from '../process/log.ts';
import type { Readiness } from '../process/readiness.ts';
import type { RpcRoutes } from '../rpc/rpc.ts';
import { registerRpc } from '../rpc/rpc-server.ts';
import { createServiceSigner, createServiceVerifier, newServiceKey } from '../rpc/service-token.ts';
import type { Service } from '../service/service.ts';

export interface EchoOptions {
  /** Answered as the account's id. */
  readonly id: string;
  /** Of the one caller, photo. */
  readonly publicKeyPem: string;
  /** Learns each access token before it is acted on. */
  readonly onCall?: (accessToken: string) => void;
  readonly ready?: () => Promise<Readiness>;
  /** Sends this process a signal; without it there is no dying and no freezing. */
  readonly signalSelf?: (name: NodeJS.Signals) => void;
}

/** A caller and the key by which an echo service knows it. */
export function newCaller() {
  const { privateKeyPem, publicKeyPem } = newServiceKey();
  return { publicKeyPem, sign: createServiceSigner('photo', createPrivateKey(privateKeyPem)) };
}

/**
 * A service called user that does what the access token says: `wait:50` answers after so many milliseconds, `hang` answers
 * never and tells `onCall` "ended" when nobody waits any more, `die` and `freeze` end and stop the process with a signal.
 */
export function openEcho(options: EchoOptions): Service {
  return {
    name: 'user',
    log: openLog('echo', process.env.TEST_LOG_LEVEL ?? 'silent'),
    verifyCaller: createServiceVerifier('user', { photo: createPublicKey(options.publicKeyPem) }),
    rpc: echoRoutes(options),
    http: (app) => {
      app.get('/v1/echo/:word', async () => options.id);
    },
    work: async () => {},
    hold: async () => {},
    ready: options.ready ?? (async () => ({})),
    close: async () => {},
  };
}

function echoRoutes({ id, onCall, signalSelf }: EchoOptions): RpcRoutes {
  return (router) =>
    registerRpc(
      router,
      SessionService,
      { authenticate: ['photo'] },
      {
        authenticate: async ({ accessToken }, { signal }) => {
          onCall?.(accessToken);
          const [word, ms] = accessToken.split(':');
          if (word === 'wait') await delay(Number(ms));
          if (word === 'die') signalSelf?.('SIGKILL');
          if (word === 'freeze') signalSelf?.('SIGSTOP');
          if (word === 'hang') {
            await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
            onCall?.('ended');
          }
          return { accountId: id };
        },
      },
    );
}
