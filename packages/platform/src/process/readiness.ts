/** `away`: the service cannot answer without it; `degraded`: it answers, less well or not every route. */
export type PartState = 'ready' | 'degraded' | 'away';

/** What a service stands on and how that is, e.g. `{ database: 'ready', redis: 'degraded' }`. */
export type Readiness = Readonly<Record<string, PartState>>;
