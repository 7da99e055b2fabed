import { readDeclarationModule } from './declaration-module.ts';
import type { DeclarationModule } from './declaration-module.ts';

export interface DeclarationFiles {
  /** The text of a declaration file. */
  read: (path: string) => string;
  /** The file that a specifier in `from` means; undefined for a package that stays outside. */
  resolve: (specifier: string, from: string) => string | undefined;
}

/**
 * All that the entry's exports are made of, out of many declaration files, as one: only what is reachable, each once.
 * Throws an Error where two different declarations share a name.
 */
export function rollUpTypes(entry: string, files: DeclarationFiles): string {
  const rollUp = new RollUp(files);
  const exported = [...rollUp.moduleAt(entry).exports.keys()];
  for (const name of exported) rollUp.takeExport(name, entry);
  return `${rollUp.text()}\nexport { ${exported.join(', ')} };\n`;
}

class RollUp {
  readonly #files: DeclarationFiles;
  readonly #modules = new Map<string, DeclarationModule>();
  /** Where each name taken was declared: a file's path or an outside package's specifier. */
  readonly #owners = new Map<string, string>();
  readonly #texts = new Set<string>();
  readonly #outside = new Map<string, string[]>();

  constructor(files: DeclarationFiles) {
    this.#files = files;
  }

  moduleAt(path: string): DeclarationModule {
    const known = this.#modules.get(path) ?? readDeclarationModule(this.#files.read(path));
    this.#modules.set(path, known);
    return known;
  }

  takeExport(name: string, path: string): void {
    const { exports } = this.moduleAt(path);
    if (!exports.has(name)) throw new Error(`${path} exports no ${name}`);
    const specifier = exports.get(name);
    if (specifier === undefined) this.#takeLocal(name, path);
    else this.#takeFrom(specifier, name, path);
  }

  text(): string {
    const imports = [...this.#outside].map(
      ([specifier, names]) => `import type { ${names.join(', ')} } from '${specifier}';`,
    );
    return [...imports, ...this.#texts].join('\n');
  }

  #takeLocal(name: string, path: string): void {
    const module = this.moduleAt(path);
    const declaration = module.declarations.get(name);
    if (declaration === undefined) {
      const specifier = module.imports.get(name);
      if (specifier !== undefined) this.#takeFrom(specifier, name, path);
      return;
    }
    if (!this.#claim(name, path)) return;
    for (const used of declaration.names) this.#takeLocal(used, path);
    this.#texts.add(declaration.text);
  }

  #takeFrom(specifier: string, name: string, path: string): void {
    const target = this.#files.resolve(specifier, path);
    if (target !== undefined) return this.takeExport(name, target);
    if (this.#claim(name, specifier)) this.#outside.set(specifier, [...(this.#outside.get(specifier) ?? []), name]);
  }

  /** False where the name is taken already, from the same place. */
  #claim(name: string, owner: string): boolean {
    const before = this.#owners.get(name);
    if (before !== undefined && before !== owner)
      throw new Error(`two declarations share the name ${name}: rename that of ${before} or that of ${owner}`);
    this.#owners.set(name, owner);
    return before === undefined;
  }
}
