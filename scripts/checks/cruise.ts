import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Visitor } from '@swc/core/Visitor.js';
import { cruise, type ICruiseResult } from 'dependency-cruiser';
import extractOptions from 'dependency-cruiser/config-utl/extract-depcruise-options';

export const CRUISED = ['packages', 'services', 'apps', 'tests', 'bench', 'scripts'];

/** Which file imports which, and what the rules in .dependency-cruiser.mjs say to it. */
export async function cruiseTree(root: string): Promise<ICruiseResult> {
  teachUsing();
  const options = await extractOptions(join(root, '.dependency-cruiser.mjs'));
  const folders = CRUISED.filter((folder) => existsSync(join(root, folder)));
  const { output } = await cruise(folders, { ...options, baseDir: root });
  if (typeof output === 'string') throw new Error('dependency-cruiser answered with text');
  return output;
}

/** The visitor of @swc/core 1.16 throws at `using`, and dependency-cruiser walks with it. */
function teachUsing(): void {
  const visitKnown = Visitor.prototype.visitStatement;
  Visitor.prototype.visitStatement = function (statement) {
    if ('decls' in statement && Array.isArray(statement.decls)) {
      this.visitVariableDeclarators(statement.decls);
      return statement;
    }
    return visitKnown.call(this, statement);
  };
}
