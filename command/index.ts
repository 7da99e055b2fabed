export { ExitCode, NotHeldError, UsageError } from './outcome.ts';
export { setting, type Setting, type SettingsOf, type SettingsTable } from './setting.ts';
export { readSettings, type Environment } from './read-settings.ts';
export { defineVerb, runProgram, runVerbs, type AnyProgram, type Program, type ProgramContext } from './program.ts';
export type { Output } from './output.ts';
export type { Shutdown } from './shutdown.ts';
export {
  announceReady,
  describeEnd,
  launchProgram,
  type Launch,
  type LaunchedProgram,
  type ProgramEnd,
  type ReadyReport,
} from './launch.ts';
export { parseTracerName, tracerArguments, TRACER_NAMES, type TracerName } from './tracer-arguments.ts';
export { dataFolder, projectRoot } from './places.ts';
export { readProportionalBytes, readUsage } from './usage.ts';
export { freePorts } from './free-ports.ts';
export { defineMetrics, type Metrics, type MetricsTable } from './metrics.ts';
export { ApiError } from './http/api-error.ts';
export { createHttpServer, type ServerOptions } from './http/create-server.ts';
export { listen, type ListenAt } from './http/listen.ts';
export { matchesRoute } from './http/match-route.ts';
export { findPortHolder } from './http/port-holder.ts';
