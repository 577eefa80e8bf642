/** The package's types: what each module declares, as far as the entry reaches. */

import { existsSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import ts from 'typescript';

const RELATIVE_IMPORT = /(\bfrom |\bimport\()(['"])(\.[^'"]*)\2/g;

/**
 * Declarations by path, relative to `root`, with the file endings that Node requires in imports. Each module is
 * read by itself, which takes a fraction of the time of a whole program, and requires explicit types on exports.
 * @param entries relative to `root`, without their ending.
 * @throws Error with the module and the compiler's messages.
 */
export function declarationsOf(root: string, entries: readonly string[]): Map<string, string> {
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
  entries.forEach(visit);
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
    const messages = diagnostics.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
    throw new Error(`types of ${file}: ${messages.join('\n')}`);
  }
  return outputText;
}
