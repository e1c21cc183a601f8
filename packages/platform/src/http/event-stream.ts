/** One event as `text/event-stream` has it (HTML Living Standard, 9.2.5). `id` and `event` hold no line break. */
export function eventText(event: { readonly id: string; readonly event: string; readonly data: unknown }): string {
  return `id: ${event.id}\nevent: ${event.event}\ndata: ${JSON.stringify(event.data)}\n\n`;
}

/** How long a client waits before it connects again. */
export function retryText(ms: number): string {
  return `retry: ${Math.round(ms)}\n\n`;
}

/** A comment: keeps the connection alive and means nothing. */
export const heartbeatText = ':\n\n';
