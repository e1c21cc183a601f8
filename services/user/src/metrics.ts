import { Count } from '@kilas/platform/telemetry/metrics.ts';

export const signIns = new Count('user', 'kilas_sign_ins_total', 'Sign-ins with a password, by outcome', {
  outcome: ['signed-in', 'SIGN_IN_FAILED', 'EMAIL_NOT_VERIFIED', 'TOO_MANY_REQUESTS', 'error'],
});
