import type { Attributes, Exception } from '@opentelemetry/api';

/** The attributes of an `exception` event (semantic conventions, exceptions on spans). */
export function exceptionAttributes(exception: Exception | null | undefined): Attributes {
  if (exception === undefined || exception === null) return {};
  if (typeof exception === 'string') return { 'exception.message': exception };
  const type = exception.code !== undefined ? String(exception.code) : exception.name;
  return {
    ...(type !== undefined && { 'exception.type': type }),
    ...(exception.message !== undefined && { 'exception.message': exception.message }),
    ...(exception.stack !== undefined && { 'exception.stacktrace': exception.stack }),
  };
}
