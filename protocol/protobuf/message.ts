import type { ProtobufReader } from './reader.ts';
import type { WireType } from './wire-type.ts';

/** How one field of a message is read: its wire type, and what puts its value into the target. */
export interface FieldRule<Target> {
  wireType: WireType;
  read: (reader: ProtobufReader, target: Target) => void;
}

/** By field number. */
export type MessageRules<Target> = Readonly<Record<number, FieldRule<Target>>>;

/** Reads the fields up to the end of the reader's bytes. A field without a rule, or with another wire type, is unknown and skipped. */
export function readFields<Target>(reader: ProtobufReader, rules: MessageRules<Target>, target: Target): Target {
  while (reader.next()) {
    const rule = rules[reader.field];
    if (rule !== undefined && rule.wireType === reader.wireType) rule.read(reader, target);
  }
  return target;
}

/** The same for a sub-message just found. Reading into what is there already is proto3's rule for repeated sub-messages. */
export function readMessage<Target>(reader: ProtobufReader, rules: MessageRules<Target>, target: Target): Target {
  const end = reader.enter();
  readFields(reader, rules, target);
  reader.leave(end);
  return target;
}
