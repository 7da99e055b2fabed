import { parseAst } from 'rolldown/parseAst';

/** One top-level declaration without its `export`, all overloads of it, and every identifier in it: more than it refers to, never less. */
export interface Declaration {
  text: string;
  names: ReadonlySet<string>;
}

/** A declaration file as tsc writes it, taken apart. */
export interface DeclarationModule {
  declarations: ReadonlyMap<string, Declaration>;
  /** Names that are imported, those of `import('…').Name` included, and the specifiers they come from. */
  imports: ReadonlyMap<string, string>;
  /** Exported names: the specifier that they are re-exported from, or undefined for those of the module itself. */
  exports: ReadonlyMap<string, string | undefined>;
}

type Statement = ReturnType<typeof parseAst>['body'][number];

/** Throws an Error on what a roll-up cannot carry: default and namespace imports, `export *`, names changed on the way. */
export function readDeclarationModule(source: string): DeclarationModule {
  const reader = new ModuleReader(source);
  let endOfLast = 0;
  for (const statement of parseAst(source, { lang: 'dts' }).body) {
    reader.read(statement, source.slice(endOfLast, statement.start).trim());
    endOfLast = statement.end;
  }
  return reader;
}

class ModuleReader implements DeclarationModule {
  readonly declarations = new Map<string, Declaration>();
  readonly imports = new Map<string, string>();
  readonly exports = new Map<string, string | undefined>();
  readonly #source: string;

  constructor(source: string) {
    this.#source = source;
  }

  read(statement: Statement, comment: string): void {
    if (statement.type === 'ImportDeclaration') return this.#readImport(statement);
    if (statement.type !== 'ExportNamedDeclaration') {
      this.#keep(statement, comment);
    } else if (statement.declaration !== null) {
      for (const name of this.#keep(statement.declaration, comment)) this.exports.set(name, undefined);
    } else {
      this.#readExportList(statement);
    }
  }

  #readImport(statement: Extract<Statement, { type: 'ImportDeclaration' }>): void {
    for (const specifier of statement.specifiers) {
      const { name } = specifier.local;
      if (specifier.type !== 'ImportSpecifier' || textName(specifier.imported) !== name) throw this.#refuse(statement);
      this.imports.set(name, statement.source.value);
    }
  }

  #readExportList(statement: Extract<Statement, { type: 'ExportNamedDeclaration' }>): void {
    for (const { local, exported } of statement.specifiers) {
      if (textName(local) !== textName(exported)) throw this.#refuse(statement);
      this.exports.set(textName(exported), statement.source?.value);
    }
  }

  /** Returns the names that the statement declares. */
  #keep(statement: Statement, comment: string): string[] {
    const declared = declaredNames(statement);
    if (declared.length === 0) throw this.#refuse(statement);
    const names = new Set<string>();
    const body = this.#withoutInlineImports(statement, names);
    for (const name of declared) {
      const before = this.declarations.get(name);
      const text = comment === '' ? body : `${comment}\n${body}`;
      this.declarations.set(name, {
        text: before === undefined ? text : `${before.text}\n${text}`,
        names: new Set([...names, ...(before?.names ?? [])]),
      });
    }
    return declared;
  }

  /** `import("./setting.ts").Setting<T>` becomes `Setting<T>`; fills `names` on the way. */
  #withoutInlineImports(statement: Statement, names: Set<string>): string {
    const cuts: { start: number; end: number }[] = [];
    walk(statement, (node) => {
      if (node.type === 'Identifier' && typeof node.name === 'string') names.add(node.name);
      if (node.type !== 'TSImportType') return;
      const { start, source, qualifier } = node as unknown as ImportType;
      if (qualifier?.type !== 'Identifier') throw this.#refuse(statement);
      this.imports.set(qualifier.name, source.value);
      cuts.push({ start, end: qualifier.start });
    });
    let text = '';
    let position = statement.start;
    for (const { start, end } of cuts.toSorted((a, b) => a.start - b.start)) {
      text += this.#source.slice(position, start);
      position = end;
    }
    return text + this.#source.slice(position, statement.end);
  }

  #refuse(statement: Statement): Error {
    return new Error(
      `the declarations should import and export by plain names: was ${this.#source.slice(statement.start, statement.end)}`,
    );
  }
}

interface ImportType {
  start: number;
  source: { value: string };
  qualifier: { type: string; name: string; start: number } | null;
}

function declaredNames(statement: Statement): string[] {
  if (statement.type === 'VariableDeclaration') {
    return statement.declarations.flatMap(({ id }) => (id.type === 'Identifier' ? [id.name] : []));
  }
  return 'id' in statement && statement.id?.type === 'Identifier' ? [statement.id.name] : [];
}

function textName(node: { name: string } | { value: string }): string {
  return 'name' in node ? node.name : node.value;
}

interface AnyNode {
  type?: unknown;
  name?: unknown;
}

function walk(node: unknown, visit: (node: AnyNode) => void): void {
  if (typeof node !== 'object' || node === null) return;
  if (!Array.isArray(node)) visit(node);
  for (const child of Object.values(node)) walk(child, visit);
}
