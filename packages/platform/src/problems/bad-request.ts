import type { FieldIssue } from './field-problem.ts';

/** An error that clients see as a 400 without its message; `issues` say what does not fit, and where. */
export class BadRequest extends Error {
  override readonly name = 'BadRequest';
  readonly statusCode = 400;
  readonly issues: readonly FieldIssue[];

  constructor(message: string, issues: readonly FieldIssue[], options?: ErrorOptions) {
    super(message, options);
    this.issues = issues;
  }
}

export function badRequest(message: string, issues: readonly FieldIssue[] = [], options?: ErrorOptions): BadRequest {
  return new BadRequest(message, issues, options);
}
