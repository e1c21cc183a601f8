export interface Ask {
  readonly method: 'POST' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Blob | string;
  /** Told again and again: bytes of the body that left. */
  readonly onSent?: (bytes: number) => void;
  readonly signal: AbortSignal;
}

export interface Reply {
  readonly status: number;
  readonly header: (name: string) => string | null;
  readonly text: string;
}

/** One request. Throws NoAnswer when none came, and AbortError when `signal` says so. */
export type Transport = (ask: Ask) => Promise<Reply>;

export class NoAnswer extends Error {
  constructor(cause?: unknown) {
    super('no answer', { cause });
    this.name = 'NoAnswer';
  }
}
