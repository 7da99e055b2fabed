import type { ClientRequest } from 'node:http';

/** What node:http keeps of a header that is text already, not yet sent while the request is being made. */
interface RenderedRequest {
  _header?: string | null;
  outputData?: { data: unknown }[];
}

/**
 * Sets a header of a request that was just made, replacing one that the application put in by hand: twice the same
 * traceparent would be a malformed one. Node makes the header text at once where it was given as a list or holds
 * `expect`; there the line is put into the text, since nothing has been sent yet.
 */
export function setRequestHeader(request: ClientRequest, name: string, value: string): void {
  if (request.headersSent) setHeaderLine(request as RenderedRequest, name, value);
  else request.setHeader(name, value);
}

function setHeaderLine(request: RenderedRequest, name: string, value: string): void {
  const { _header: head, outputData } = request;
  if (typeof head !== 'string' || !head.endsWith('\r\n\r\n')) return;
  const own = `${name.toLowerCase()}:`;
  const lines = head.split('\r\n').filter((line) => !line.toLowerCase().startsWith(own));
  lines.splice(-2, 0, `${name}: ${value}`);
  const changed = lines.join('\r\n');
  request._header = changed;
  // With `expect` the header waits for its connection already.
  const first = outputData?.[0];
  if (typeof first?.data === 'string' && first.data.startsWith(head)) {
    first.data = changed + first.data.slice(head.length);
  }
}
