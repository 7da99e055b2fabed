// The prepack script of this workspace, whose own files are TypeScript that runs only here, linked.
console.error(
  'This folder holds the tracer as TypeScript source, which does not run out of node_modules: run `npm run pack:tracer` in the project’s root instead, which packs it as plain JavaScript and prints the tarball’s path.',
);
process.exit(1);
