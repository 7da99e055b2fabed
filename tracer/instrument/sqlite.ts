import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { SpanKind, SpanStatusCode, context as contextApi, trace } from '@opentelemetry/api';
import type { Span, Tracer } from '@opentelemetry/api';
import { describeSql } from './describe-sql.ts';
import type { SqlDescription } from './describe-sql.ts';
import type { Instrumentation } from './instrumentation.ts';
import { remember } from './remember.ts';

/** Older releases print a warning when node:sqlite is loaded, which must not fall on applications that do not use it. */
const NODE_MAJOR_MIN = 24;

interface SqlTracing {
  tracer: Tracer;
  describe: (sql: string) => SqlDescription;
}

/**
 * A client span for each statement that node:sqlite runs inside a recording span: what an application does at start makes
 * no traces of its own. Node publishes no channel for it, so the prototypes are patched; loading the module costs 0.2 ms.
 */
export const instrumentSqlite: Instrumentation = (host) => {
  if (Number.parseInt(process.versions.node, 10) < NODE_MAJOR_MIN) return () => {};
  const sqlite = process.getBuiltinModule('node:sqlite');
  const tracing: SqlTracing = { tracer: host.tracerFor('node:sqlite'), describe: remember(describeSql) };
  const statement = sqlite.StatementSync.prototype;
  const restore = [
    patch(statement, 'run', (original) => traceCalls(tracing, original, sqlOfStatement)),
    patch(statement, 'get', (original) => traceCalls(tracing, original, sqlOfStatement)),
    patch(statement, 'all', (original) => traceCalls(tracing, original, sqlOfStatement)),
    patch(statement, 'iterate', (original) => traceIteration(tracing, original, sqlOfStatement)),
    patch(sqlite.DatabaseSync.prototype, 'exec', (original) => traceCalls(tracing, original, sqlOfExec)),
    patchTagStores(tracing, sqlite.DatabaseSync.prototype),
  ];
  return () => {
    for (const undo of restore) undo();
  };
};

type Method = (this: unknown, ...args: unknown[]) => unknown;
type SqlOf = (receiver: unknown, args: readonly unknown[]) => string;

function patch<T extends StatementSync | DatabaseSync>(
  prototype: T,
  name: keyof T & string,
  wrap: (original: Method) => Method,
): () => void {
  const descriptor = Object.getOwnPropertyDescriptor(prototype, name);
  if (typeof descriptor?.value !== 'function') return () => {};
  Object.defineProperty(prototype, name, { ...descriptor, value: wrap(descriptor.value as Method) });
  return () => Object.defineProperty(prototype, name, descriptor);
}

function sqlOfStatement(statement: unknown): string {
  return (statement as StatementSync).sourceSQL;
}

function sqlOfExec(_database: unknown, args: readonly unknown[]): string {
  return String(args[0]);
}

/** store.get`SELECT … ${value}`: its values are parameters. */
function sqlOfTag(_store: unknown, [strings]: readonly unknown[]): string {
  return Array.isArray(strings) ? strings.join('?') : '';
}

/** Each store of tagged statements (Node 24.9 and later) has methods of its own, that no prototype is shared by. */
function patchTagStores(tracing: SqlTracing, database: DatabaseSync): () => void {
  return patch(database, 'createTagStore', (original) => {
    return function (this: unknown, ...args) {
      const store = Reflect.apply(original, this, args) as Record<'run' | 'get' | 'all' | 'iterate', Method>;
      for (const name of ['run', 'get', 'all'] as const) store[name] = traceCalls(tracing, store[name], sqlOfTag);
      store.iterate = traceIteration(tracing, store.iterate, sqlOfTag);
      return store;
    };
  });
}

function traceCalls(tracing: SqlTracing, original: Method, sqlOf: SqlOf): Method {
  return function (this: unknown, ...args) {
    if (!isInsideRecordingSpan()) return Reflect.apply(original, this, args);
    const span = startSqlSpan(tracing, sqlOf(this, args));
    try {
      return Reflect.apply(original, this, args);
    } catch (error) {
      noteError(span, error);
      throw error;
    } finally {
      span.end();
    }
  };
}

/** The span lasts from the first row asked for until the last, or until the reader stops. */
function traceIteration(tracing: SqlTracing, original: Method, sqlOf: SqlOf): Method {
  return function (this: unknown, ...args) {
    const rows = Reflect.apply(original, this, args) as Iterable<unknown>;
    return isInsideRecordingSpan() ? tracedRows(tracing, sqlOf(this, args), rows) : rows;
  };
}

function* tracedRows(tracing: SqlTracing, sql: string, rows: Iterable<unknown>): Generator {
  const span = startSqlSpan(tracing, sql);
  try {
    yield* rows;
  } catch (error) {
    noteError(span, error);
    throw error;
  } finally {
    span.end();
  }
}

function isInsideRecordingSpan(): boolean {
  return trace.getSpan(contextApi.active())?.isRecording() === true;
}

function startSqlSpan({ tracer, describe }: SqlTracing, sql: string): Span {
  const { summary, operation, table, text } = describe(sql);
  const span = tracer.startSpan(summary === '' ? 'sqlite' : summary, { kind: SpanKind.CLIENT });
  span.setAttribute('db.system.name', 'sqlite').setAttribute('db.query.text', text);
  if (operation !== '') span.setAttribute('db.operation.name', operation).setAttribute('db.query.summary', summary);
  if (table !== undefined) span.setAttribute('db.collection.name', table);
  return span;
}

function noteError(span: Span, error: unknown): void {
  const { code, errcode, message } = error as { code?: string; errcode?: number; message?: string };
  span.setAttribute('error.type', code ?? 'Error');
  if (errcode !== undefined) span.setAttribute('db.response.status_code', String(errcode));
  span.setStatus({ code: SpanStatusCode.ERROR, ...(message !== undefined && { message }) });
}
