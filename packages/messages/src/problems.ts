import { aiProblems } from './problems/ai.ts';
import { commonProblems } from './problems/common.ts';
import { fieldProblems } from './problems/field.ts';
import { photoProblems } from './problems/photo.ts';
import { transactionProblems } from './problems/transaction.ts';
import { uploadProblems } from './problems/upload.ts';
import { userProblems } from './problems/user.ts';

/** Every expected error of the product: its stable code, its gRPC code, what a person reads in English and Indonesian. */
export const problems = {
  ...commonProblems,
  ...fieldProblems,
  ...userProblems,
  ...uploadProblems,
  ...photoProblems,
  ...transactionProblems,
  ...aiProblems,
} as const;

export type Reason = keyof typeof problems;
