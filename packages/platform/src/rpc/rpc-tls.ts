import { readFileSync } from 'node:fs';
import type { SecureClientSessionOptions, SecureServerOptions } from 'node:http2';
import { z } from 'zod';
import { registeredName } from '../discovery/registrar.ts';
import { ConfigError } from '../process/env.ts';

/** What both sides of a gRPC connection need; the certificate of a service is issued to the name `kilas-<service>`. */
export interface RpcTls {
  /** PEM. */
  readonly cert: string;
  readonly key: string;
  /** The authorities that issue the services' certificates; no others are trusted. */
  readonly ca: string;
  /** Whether a caller must show a certificate of these authorities, besides its token. */
  readonly isMutual: boolean;
}

const minVersion = 'TLSv1.3';

const pemFile = z.string().transform((file, ctx) => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    ctx.addIssue({ code: 'custom', message: 'the file cannot be read' });
    return z.NEVER;
  }
});

export const rpcTlsEnv = z.object({
  /** `tls`: calls between services are encrypted; `mutual`: callers also show a certificate. */
  RPC_TLS: z.enum(['off', 'tls', 'mutual']).default('off'),
  RPC_TLS_CERT_FILE: pemFile.optional(),
  RPC_TLS_KEY_FILE: pemFile.optional(),
  RPC_TLS_CA_FILE: pemFile.optional(),
});

/** Undefined where calls go in clear text. Throws a ConfigError for what is missing. */
export function rpcTlsOf(config: z.output<typeof rpcTlsEnv>): RpcTls | undefined {
  const { RPC_TLS, RPC_TLS_CERT_FILE: cert, RPC_TLS_KEY_FILE: key, RPC_TLS_CA_FILE: ca } = config;
  if (RPC_TLS === 'off') return undefined;
  if (cert !== undefined && key !== undefined && ca !== undefined)
    return { cert, key, ca, isMutual: RPC_TLS === 'mutual' };
  const files = { RPC_TLS_CERT_FILE: cert, RPC_TLS_KEY_FILE: key, RPC_TLS_CA_FILE: ca };
  const missing = Object.entries(files).filter(([, text]) => text === undefined);
  throw new ConfigError(missing.map(([name]) => `${name}: needed with RPC_TLS=${RPC_TLS}`));
}

/** The other side is found at an address that says nothing; its certificate must say that it is the service. */
export function secureClient(service: string, { cert, key, ca }: RpcTls): SecureClientSessionOptions {
  return { cert, key, ca, minVersion, servername: registeredName(service) };
}

export function secureServer({ cert, key, ca, isMutual }: RpcTls): SecureServerOptions {
  return { cert, key, ca, minVersion, requestCert: isMutual, rejectUnauthorized: isMutual };
}
