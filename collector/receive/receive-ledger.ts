import type { BodyRefusal } from './read-body.ts';
import { noRejections, totalRejected, type RejectionCounts } from './rejections.ts';

/** What receive answers for: spans that were taken or rejected one by one. A request that was refused as a whole counts no spans: its sender keeps them. */
export class ReceiveLedger {
  readonly rejections = noRejections();
  spansReceived = 0;
  bytesReceived = 0;
  requestsAccepted = 0;
  requestsRefused = 0;
  requestsMalformed = 0;

  get spansRejected(): number {
    return totalRejected(this.rejections);
  }

  /** A body that found no room is sent again by its sender; the others will never be taken. */
  countRefusedBody({ kind }: BodyRefusal): void {
    if (kind === 'noBudget') this.requestsRefused++;
    else this.requestsMalformed++;
  }

  count(spansAccepted: number, rejections: RejectionCounts, byteCount: number): void {
    this.spansReceived += spansAccepted + totalRejected(rejections);
    this.bytesReceived += byteCount;
    this.requestsAccepted++;
    for (const reason of Object.keys(rejections) as (keyof RejectionCounts)[])
      this.rejections[reason] += rejections[reason];
  }
}
