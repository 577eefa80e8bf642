/** The package's types: what each module declares, as far as the entry reaches. */

import { existsSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import ts from 'typescript';

const RELATIVE_IMPORT = /(\bfrom |\bimport\()(['"])(\.[^'"]*)\2/g;

/**
 * Declarations by path, relative to `root`, with the file endings that Node's resolution wants in imports. Each module is
 * read by itself, which takes a fraction of the time of a whole program and wants types written out where it exports.
 * @param entry relative to `root`, without its ending.
 * @throws Error naming the module and the compiler's words.
 */
export function declarationsOf(root: string, entry: string): Map<string, string> {
  const declared = new Map<string, string>();
  const visit = (module: string) => {
    const path = `${module}.d.ts`;
    if (declared.has(path)) return;
    // Entered before its imports, which may lead back here.
    declared.set(path, '');
    const text = declare(root, module).replace(RELATIVE_IMPORT, (_, before, quote, specifier) => {
      const target = posix.join(posix.dirname(module), specifier);
      const ending = existsSync(join(root, `${target}.ts`)) ? '' : '/index';
      visit(target + ending);
      return `${before}${quote}${specifier}${ending}.js${quote}`;
    });
    declared.set(path, text);
  };
  visit(entry);
  return declared;
}

function declare(root: string, module: string): string {
  const file = `${module}.ts`;
  const { outputText, diagnostics = [] } = ts.transpileDeclaration(readFileSync(join(root, file), 'utf8'), {
    fileName: file,
    reportDiagnostics: true,
    compilerOptions: {
      target: ts.ScriptTarget.ES2022,
      isolatedDeclarations: true,
      verbatimModuleSyntax: true,
    },
  });
  if (diagnostics.length > 0) {
    const words = diagnostics.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
    throw new Error(`types of ${file}: ${words.join('\n')}`);
  }
  return outputText;
}
