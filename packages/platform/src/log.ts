import pino from 'pino';
import { currentRequestId } from './request-context.ts';

export type Log = pino.Logger;

/** Headers that carry secrets, and what PostgreSQL adds to an error of the row that was refused: "Failing row contains (…)". */
const neverShown = [
  'req.headers.authorization',
  'req.headers.cookie',
  'res.headers["set-cookie"]',
  'err.detail',
  'err.where',
  'err.aggregateErrors[*].detail',
  'err.aggregateErrors[*].where',
];

/** JSON lines on standard output with the service's name and the request id; what is secret or personal never shows. */
export function openLog(service: string, level: string): Log {
  return pino({
    level,
    base: { service },
    timestamp: pino.stdTimeFunctions.isoTime,
    mixin: () => {
      const requestId = currentRequestId();
      return requestId === undefined ? {} : { requestId };
    },
    redact: neverShown,
  });
}
