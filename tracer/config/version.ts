/** Equal to package.json's, which a test holds: reading the file would cost every start-up a disk access. */
export const TRACER_VERSION = '0.1.0';
