import type { ProblemCatalogue } from '@kilas/platform/problem.ts';

export const photoProblems = {} as const satisfies ProblemCatalogue;
