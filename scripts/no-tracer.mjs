/* oxlint-disable unicorn/no-empty-file -- its emptiness is its purpose */
// What `--import "#tracer/none"` loads: nothing. docker-compose.yml names a module whatever LAB_TRACER says.
