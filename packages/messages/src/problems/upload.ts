import type { ProblemCatalogue } from '@kilas/platform/problem.ts';

export const uploadProblems = {} as const satisfies ProblemCatalogue;
