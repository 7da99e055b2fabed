import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import {
  RpcCode,
  decodeExportResponse,
  decodeRpcStatus,
  encodeExportResponse,
  encodeRpcStatus,
  exportResponseToJson,
} from './response.ts';

const text = fc.string({ unit: 'binary' });

describe('the answer to an export', () => {
  it('is empty for a full success, in protobuf and JSON', () => {
    const success = { rejectedSpans: 0, errorMessage: '' };
    assert.equal(encodeExportResponse(success).length, 0);
    assert.deepEqual(exportResponseToJson(success), {});
  });

  it('carries count and message of a partial success', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), text, (rejectedSpans, errorMessage) => {
        const response = { rejectedSpans, errorMessage };
        assert.deepEqual(decodeExportResponse(encodeExportResponse(response)), { ok: true, value: response });
      }),
    );
    assert.deepEqual(exportResponseToJson({ rejectedSpans: 3, errorMessage: 'zero ids' }), {
      partialSuccess: { rejectedSpans: '3', errorMessage: 'zero ids' },
    });
  });

  it('can warn without a rejection', () => {
    assert.deepEqual(exportResponseToJson({ rejectedSpans: 0, errorMessage: 'slow down' }), {
      partialSuccess: { errorMessage: 'slow down' },
    });
  });

  it('is refused with a reason when it is cut off', () => {
    const bytes = encodeExportResponse({ rejectedSpans: 1, errorMessage: 'x' });
    const result = decodeExportResponse(bytes.subarray(0, bytes.length - 1));
    assert.ok(!result.ok && /truncated/.test(result.error));
  });
});

describe('google.rpc.Status', () => {
  it('gives back code and message, negative codes too', () => {
    fc.assert(
      fc.property(fc.integer(), text, (code, message) =>
        assert.deepEqual(decodeRpcStatus(encodeRpcStatus({ code, message })), { ok: true, value: { code, message } }),
      ),
    );
  });

  it('says in a RetryInfo when to come back', () => {
    const typeUrl = new TextEncoder().encode('type.googleapis.com/google.rpc.RetryInfo');
    const retryInfo = [0x12, 4, 0x0a, 2, 0x08, 7];
    const any = [0x0a, typeUrl.length, ...typeUrl, ...retryInfo];
    const bytes = encodeRpcStatus({ code: RpcCode.unavailable, message: '', retryAfterS: 7 });
    assert.deepEqual([...bytes], [0x08, 14, 0x1a, any.length, ...any]);
  });

  it('skips details', () => {
    const bytes = Uint8Array.of(0x08, RpcCode.invalidArgument, 0x1a, 2, 1, 2, 0x12, 1, 0x78);
    assert.deepEqual(decodeRpcStatus(bytes), { ok: true, value: { code: 3, message: 'x' } });
  });
});
