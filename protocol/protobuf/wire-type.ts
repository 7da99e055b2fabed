/** How a protobuf field's value is framed (protobuf encoding, "Message structure"). Groups are deprecated: only skipped. */
export const WireType = { varint: 0, fixed64: 1, lengthDelimited: 2, groupStart: 3, groupEnd: 4, fixed32: 5 } as const;
export type WireType = (typeof WireType)[keyof typeof WireType];
