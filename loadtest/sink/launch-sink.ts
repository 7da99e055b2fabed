import { launchProgram, type LaunchedProgram } from '@tracelab/command';

/** Starts the sink as a process of its own, with no option of this one's shell: counting is nobody's measured CPU. */
export function launchSink(): LaunchedProgram {
  return launchProgram({ name: 'sink', file: 'loadtest/sink/main.ts', env: { NODE_OPTIONS: '' } });
}
