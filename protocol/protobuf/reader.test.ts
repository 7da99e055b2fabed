import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { ProtobufReader } from './reader.ts';
import { WireType } from './wire-type.ts';
import { ProtobufWriter } from './writer.ts';

function read(...bytes: number[]): ProtobufReader {
  const reader = new ProtobufReader(Uint8Array.from(bytes));
  while (reader.next());
  return reader;
}

function write(fields: (writer: ProtobufWriter) => void): Uint8Array {
  const writer = new ProtobufWriter(1);
  fields(writer);
  return writer.finish();
}

function repeated(byte: number, count: number): number[] {
  return Array.from({ length: count }, () => byte);
}

describe('ProtobufWriter and ProtobufReader', () => {
  it('carry every number through, whatever its size', () => {
    const uint64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
    const field = fc.integer({ min: 1, max: 2 ** 29 - 1 });
    fc.assert(
      fc.property(field, uint64, fc.nat(0xffff_ffff), fc.double(), (number, big, small, double) => {
        const reader = new ProtobufReader(
          write((writer) => {
            writer.varint(number, big);
            writer.fixed64(number, big);
            writer.varint(number, small);
            writer.fixed32(number, small);
            writer.double(number, double);
          }),
        );
        assert.ok(reader.next());
        assert.deepEqual([reader.field, reader.varint, reader.varintSigned], [number, big, BigInt.asIntN(64, big)]);
        assert.ok(reader.next());
        assert.equal(reader.fixed64, big);
        assert.ok(reader.next());
        assert.equal(reader.varintNumber, small);
        assert.ok(reader.next());
        assert.equal(reader.fixed32, small);
        assert.ok(reader.next());
        assert.ok(Object.is(reader.double, double));
        assert.equal(reader.next(), false);
        assert.equal(reader.malformed, undefined);
      }),
    );
  });

  it('write negative numbers as 64-bit two’s complement', () => {
    for (const value of [-1, -1n, -(2 ** 40), -(2n ** 63n)]) {
      const reader = new ProtobufReader(write((writer) => writer.varint(1, value)));
      assert.ok(reader.next());
      assert.equal(reader.varintSigned, BigInt(value));
    }
  });

  it('patch the length of sub-messages of every size, also nested', () => {
    for (const size of [0, 1, 127, 128, 16_383, 16_384, 2_097_152]) {
      const bytes = write((writer) =>
        writer.message(1, () => {
          writer.open(2);
          writer.close(writer.length - 1);
          writer.message(3, () => writer.bytes(4, new Uint8Array(size).fill(7)));
        }),
      );
      const reader = new ProtobufReader(bytes);
      assert.ok(reader.next());
      reader.enter();
      assert.ok(reader.next());
      assert.equal(reader.valueStart, reader.valueEnd);
      assert.ok(reader.next());
      reader.enter();
      assert.ok(reader.next());
      assert.deepEqual([reader.field, reader.bytes.length, reader.bytes.at(-1)], [4, size, size === 0 ? undefined : 7]);
    }
  });

  it('keep what was finished when the writer goes on or begins again', () => {
    const writer = new ProtobufWriter(4);
    writer.string(1, 'first');
    const first = writer.finish();
    writer.reset();
    assert.equal(writer.length, 0);
    writer.string(1, 'other');
    writer.raw(first);
    assert.deepEqual(
      first,
      write((again) => again.string(1, 'first')),
    );
    assert.equal(writer.length, first.length * 2);
  });

  it('write hex digits of either case as bytes', () => {
    const reader = new ProtobufReader(write((writer) => writer.hex(1, '0aFfC1')));
    assert.ok(reader.next());
    assert.deepEqual([...reader.bytes], [0x0a, 0xff, 0xc1]);
  });
});

describe('ProtobufReader with foreign bytes', () => {
  it('never throws and always ends', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        const reader = new ProtobufReader(bytes);
        let fields = 0;
        while (reader.next()) fields++;
        assert.ok(fields <= bytes.length);
      }),
      { numRuns: 2000 },
    );
  });

  it('says what is wrong', () => {
    assert.match(read(0x08).malformed ?? '', /^truncated: a varint does not end \(at byte 0\)$/);
    assert.match(
      read(0x08, 1, 0x12, 5, 1).malformed ?? '',
      /^truncated: field 2 needs 5 bytes, 1 are left \(at byte 2\)$/,
    );
    assert.match(read(0x09, 1, 2).malformed ?? '', /needs 8 bytes, 2 are left/);
    assert.match(read(0x00, 0).malformed ?? '', /number 0/);
    assert.match(read(0x0e).malformed ?? '', /wire type 6/);
    assert.match(read(0x0c).malformed ?? '', /ends that did not begin/);
    assert.match(read(0x08, ...repeated(0x80, 10), 1).malformed ?? '', /longer than 10 bytes/);
    assert.match(read(0x88, 0x80, 0x80, 0x80, 0x10, 1).malformed ?? '', /field number is over/);
    assert.match(read(0x12, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1).malformed ?? '', /truncated/);
  });

  it('cuts over-long varints to 64 bits and accepts padding', () => {
    const reader = new ProtobufReader(Uint8Array.of(0x08, ...repeated(0xff, 9), 0x7f, 0x08, 0x81, 0x80, 0));
    assert.ok(reader.next());
    assert.equal(reader.varint, 2n ** 64n - 1n);
    assert.ok(reader.next());
    assert.equal(reader.varint, 1n);
  });

  it('skips groups, nested ones too, and refuses those that do not end or nest too deep', () => {
    const reader = new ProtobufReader(Uint8Array.of(0x0b, 0x10, 5, 0x1b, 0x22, 1, 9, 0x1c, 0x0c, 0x28, 7));
    assert.ok(reader.next());
    assert.deepEqual([reader.field, reader.wireType, reader.varintNumber], [5, WireType.varint, 7]);
    assert.equal(reader.next(), false);
    assert.equal(reader.malformed, undefined);
    assert.match(read(0x0b, 0x10, 5).malformed ?? '', /group of field 1 does not end/);
    assert.match(read(0x0b, 0x14).malformed ?? '', /ends that did not begin/);
    assert.match(read(...repeated(0x0b, 1000)).malformed ?? '', /nested too deep/);
  });

  it('stops everywhere when the caller refuses what was found', () => {
    const bytes = write((writer) => {
      writer.message(1, () => writer.string(2, 'x'));
      writer.string(3, 'y');
    });
    const reader = new ProtobufReader(bytes);
    assert.ok(reader.next());
    const end = reader.enter();
    assert.ok(reader.next());
    reader.fail('not wanted');
    reader.leave(end);
    assert.equal(reader.next(), false);
    assert.equal(reader.malformed, 'not wanted (at byte 2)');
  });
});
