import type { LoadSetting, SamplerSetting, ServiceName } from '@tracelab/protocol';
import type { WantedFaults } from './wanted-faults.ts';

/** What the lab shall be like. The services are brought to it, and brought back when one of them restarts. */
export interface WantedState {
  readonly faults: WantedFaults;
  /** Undefined until somebody asks for one: the services then keep what they were started with. */
  tracing: SamplerSetting | undefined;
  /** Of the services whose clock somebody set; the others keep what they were started with. */
  readonly clockOffsetsMs: Map<ServiceName, number>;
  load: LoadSetting | undefined;
}
