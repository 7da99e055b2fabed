import { UsageError } from '@tracelab/command';
import { OTLP_FIELDS, ProtobufReader, WireType } from '@tracelab/protocol';
import type { OttlConditionRule } from '../../config/policy-config.ts';
import { spanBytesAt, type SpanBatch } from '../../receive/span-batch.ts';
import { EvaluationError, parseCondition, type Condition } from '../ottl/parse-condition.ts';
import type { ContextName, Subject } from '../ottl/paths.ts';
import { OttlError } from '../ottl/tokens.ts';
import { ERROR, sampledIf, type PolicyContext, type VoteOn } from './policy.ts';

/**
 * contrib's ottl_condition (ottl.go): span after span in the order of arrival, its own conditions before those of its events. Throws a
 * UsageError with the column of what is wrong or not built yet.
 */
export function createOttlCondition(rule: OttlConditionRule, { observe }: PolicyContext): VoteOn {
  const ofSpans = rule.spanConditions.map((text) => guard(read(text, 'span'), rule));
  const ofEvents = rule.spanEventConditions.map((text) => guard(read(text, 'spanevent'), rule));
  const holds = (batch: SpanBatch, row: number): boolean => {
    if (ofSpans.some((condition) => condition({ batch, row }))) return true;
    return (
      ofEvents.length > 0 && eventsOf(batch, row).some((subject) => ofEvents.some((condition) => condition(subject)))
    );
  };
  return (trace) => {
    try {
      return sampledIf(trace.hasSpan(holds));
    } catch (error) {
      if (!(error instanceof EvaluationError)) throw error;
      observe(error.message);
      return ERROR;
    }
  };
}

function read(text: string, context: ContextName): Condition {
  try {
    return parseCondition(text, context);
  } catch (error) {
    if (!(error instanceof OttlError)) throw error;
    throw new UsageError(
      `the configuration's condition ${JSON.stringify(text)} cannot be evaluated: ${error.message}`,
      { cause: error },
    );
  }
}

/** Where errors are not propagated, a condition with one does not hold. */
function guard(condition: Condition, { isErrorPropagated }: OttlConditionRule): Condition {
  if (isErrorPropagated) return condition;
  return (subject) => {
    try {
      return condition(subject);
    } catch (error) {
      if (error instanceof EvaluationError) return false;
      throw error;
    }
  };
}

function eventsOf(batch: SpanBatch, row: number): Subject[] {
  const reader = new ProtobufReader(spanBytesAt(batch, row));
  const events: Subject[] = [];
  while (reader.next()) {
    if (reader.field === OTLP_FIELDS.span.events && reader.wireType === WireType.lengthDelimited)
      events.push({ batch, row, event: reader.bytes });
  }
  return events;
}
