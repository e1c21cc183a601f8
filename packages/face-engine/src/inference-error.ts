export type InferenceFailure = 'image_unreadable' | 'image_too_large' | 'engine_busy' | 'engine_closed';

/** What a caller of the engine may handle; everything else it throws is a defect. */
export class InferenceError extends Error {
  readonly reason: InferenceFailure;

  constructor(reason: InferenceFailure, message: string) {
    super(message);
    this.name = 'InferenceError';
    this.reason = reason;
  }
}
