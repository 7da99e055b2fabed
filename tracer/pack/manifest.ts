/** What the packed manifest takes from the workspace's own. */
export interface SourceManifest {
  name: string;
  version: string;
  license?: string;
}

/**
 * A peer, as in the OpenTelemetry project's own packages: the copy that registers the tracer is then the application's
 * own, which serves all its calls. Below 1.4 `diag.setLogger` takes no options; a later minor may add methods to what a
 * tracer gives, which ours would not have.
 */
const API_RANGE = '>=1.4.0 <1.10.0';

/** package.json of the packed tracer. */
export function packedManifest({ name, version, license }: SourceManifest): object {
  return {
    name,
    version,
    description: 'Spans for code written against @opentelemetry/api, and for Node services without a line of code',
    // As long as the project has chosen none, nobody is granted one.
    license: license ?? 'UNLICENSED',
    keywords: ['opentelemetry', 'otlp', 'tracer', 'tracing'],
    engines: { node: '>=20' },
    main: './index.cjs',
    types: './index.d.cts',
    exports: {
      '.': {
        import: { types: './index.d.mts', default: './index.mjs' },
        require: { types: './index.d.cts', default: './index.cjs' },
      },
      './register': { types: './register.d.cts', default: './register.cjs' },
      './package.json': './package.json',
    },
    sideEffects: ['./register.cjs'],
    peerDependencies: { '@opentelemetry/api': API_RANGE },
  };
}
