import { hashOf } from '@kilas/platform/process/ids.ts';
import { LRUCache } from 'lru-cache';
import type { Authenticate, Identity } from './identity.ts';

/**
 * Counted from the moment of asking, because the session may end right after it. Every replica must refuse an ended session within five seconds,
 * even if no hint arrives. The remaining second is for differences of clocks and for the request itself.
 */
const rememberedMs = 4_000;
const tokensMax = 10_000;
const endingsMax = 10_000;
const idPattern = /^[\w-]{1,64}$/;

interface Answer {
  readonly identity: Identity;
  /** Its place in the order of questions and messages; several fall into one millisecond. */
  readonly askedAt: number;
  readonly askedAtMs: number;
}

/**
 * Remembers for seconds whose tokens these are. Requests with one token share a question. An answer counts for a request if the question was asked
 * after the request came. It also counts if it is young and no hint about its session or account came since the question. So when a session ends
 * while an answer is on its way, that answer counts for no later request. A hint can only cost a question.
 */
export class RememberedIdentities {
  readonly #authenticate: Authenticate;
  readonly #now: () => number;
  /** By the token's hash. */
  readonly #answers = new LRUCache<string, Answer>({ max: tokensMax });
  readonly #questions = new Map<string, Promise<Answer>>();
  /** When the last message came, by id of a session or an account. */
  readonly #endings = new LRUCache<string, number>({ max: endingsMax });
  #order = 0;

  /** `now` in milliseconds, never going back. */
  constructor(authenticate: Authenticate, now: () => number) {
    this.#authenticate = authenticate;
    this.#now = now;
  }

  /** A remembered identity that is not `good` enough is asked for again; the new one may not be either. */
  async find(token: string, isGood: (identity: Identity) => boolean = () => true): Promise<Identity> {
    const key = hashOf(token);
    const counts = (answer: Answer) => this.#holds(answer) && isGood(answer.identity);
    const known = this.#answers.get(key);
    if (known !== undefined && counts(known)) return known.identity;
    const running = await this.#questions.get(key);
    if (running !== undefined && counts(running)) return running.identity;
    // A question that is there now was asked while this request waited.
    return (await (this.#questions.get(key) ?? this.#ask(key, token))).identity;
  }

  /** Something about a session or an account is not as it was. */
  drop(id: string): void {
    if (idPattern.test(id)) this.#endings.set(id, this.#next());
  }

  #ask(key: string, token: string): Promise<Answer> {
    const asked = { askedAt: this.#next(), askedAtMs: this.#now() };
    const question = this.#authenticate(token)
      .then((identity) => {
        const answer = { ...asked, identity };
        this.#answers.set(key, answer);
        return answer;
      })
      .finally(() => this.#questions.delete(key));
    this.#questions.set(key, question);
    return question;
  }

  #holds({ identity, askedAt, askedAtMs }: Answer): boolean {
    const { sessionId, accountId } = identity;
    const lastHeard = Math.max(this.#endings.get(sessionId) ?? 0, this.#endings.get(accountId) ?? 0);
    return askedAt > lastHeard && this.#now() - askedAtMs < rememberedMs;
  }

  #next(): number {
    this.#order += 1;
    return this.#order;
  }
}
