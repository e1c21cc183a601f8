import pino from 'pino';
import { currentRequestId } from './request-context.ts';

export type Log = pino.Logger;

/** JSON lines on standard output with the service's name and the request id; headers that carry secrets never show. */
export function openLog(service: string, level: string): Log {
  return pino({
    level,
    base: { service },
    timestamp: pino.stdTimeFunctions.isoTime,
    mixin: () => {
      const requestId = currentRequestId();
      return requestId === undefined ? {} : { requestId };
    },
    redact: ['req.headers.authorization', 'req.headers.cookie', 'res.headers["set-cookie"]'],
  });
}
