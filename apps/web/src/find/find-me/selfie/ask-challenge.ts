import { type Answer, answerOf, api } from '../../../api/api.ts';

export type ChallengeAsked = Answer<'/v1/facecams/challenges', 'post'>;

/** A challenge of two minutes; the one before ends. */
export function askChallenge(): Promise<ChallengeAsked> {
  return answerOf(api.POST('/v1/facecams/challenges'));
}
