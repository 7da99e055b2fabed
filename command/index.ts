export { ExitCode, NotHeldError, UsageError } from './program/outcome.ts';
export { setting, type Setting, type SettingsOf, type SettingsTable } from './settings/setting.ts';
export { readSettings, type Environment } from './settings/read-settings.ts';
export { defineVerb, type AnyProgram, type Program, type ProgramContext } from './program/program.ts';
export { runProgram, runVerbs } from './program/run-program.ts';
export type { Output } from './program/output.ts';
export { startTimer } from './program/start-timer.ts';
export type { Shutdown } from './program/shutdown.ts';
export {
  announceReady,
  collectOutput,
  describeEnd,
  launchProgram,
  type Launch,
  type LaunchedProgram,
  type ProgramEnd,
  type ReadyReport,
  waitForEnd,
} from './launch/launch.ts';
export { parseTracerName, tracerArguments, TRACER_NAMES, type TracerName } from './launch/tracer-arguments.ts';
export { makeFolder } from './launch/make-folder.ts';
export { dataFolder, projectRoot } from './launch/places.ts';
export {
  describeMachine,
  describeMachineAtStart,
  readLoadAverage,
  type Machine,
  type MachineAtStart,
} from './measure/machine.ts';
export { readProportionalBytes, readResidentBytes, readUsage } from './measure/usage.ts';
export { createCpuMeter, type CpuMeter } from './measure/process-cpu.ts';
export { isProcessAlive, readProcessStat, US_PER_TICK } from './measure/process-stat.ts';
export { freePortBase, freePorts, isPortFree } from './launch/free-ports.ts';
export { defineMetrics, type Metrics, type MetricsTable, type Reading } from './measure/metrics.ts';
export { boldOn } from './report/bold.ts';
export { drawTextTable, figureColumns, type TextTable } from './report/text-table.ts';
export { readResultFile } from './report/result-file.ts';
export { ApiError } from './http/api-error.ts';
export { createHttpServer, type ServerOptions } from './http/create-server.ts';
export { connectionOptions } from './http/unreadable-request.ts';
export { controlTokenSetting, createAccessCheck } from './http/local-access.ts';
export { describeBusyPort, explainListenFailure, listen, type ListenAt } from './http/listen.ts';
export { describePortHolder } from './http/port-holder.ts';
export { matchesRoute } from './http/match-route.ts';
