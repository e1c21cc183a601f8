import type { FastifyReply } from 'fastify';
import type { Cache } from './shared-state.ts';

/** Answers from the cache, or computes; whoever asks for the same meanwhile waits for the one computation. */
export type ShareAnswers = (key: string, compute: () => Promise<string>) => Promise<string>;

/** For answers that are the same for everybody who may ask for the key. What fails is not kept. */
export function shareAnswers(cache: Cache): ShareAnswers {
  const running = new Map<string, Promise<string>>();
  const find = async (key: string, compute: () => Promise<string>) => {
    const known = await cache.get(key);
    if (known !== undefined) return known;
    const answer = await compute();
    await cache.set(key, answer);
    return answer;
  };
  return (key, compute) => {
    const known = running.get(key);
    if (known !== undefined) return known;
    const answer = find(key, compute).finally(() => running.delete(key));
    running.set(key, answer);
    return answer;
  };
}

/** Replies with JSON that was serialised before. */
export function sendJsonText(reply: FastifyReply, text: string): FastifyReply {
  return reply.type('application/json; charset=utf-8').send(text);
}
