// What `--import '#tracer/none'` loads: nothing. docker-compose.yml names a module whatever LAB_TRACER says.
