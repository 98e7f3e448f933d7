export { ActivityScore, DEFAULT_ACTIVITY_RULE, type ActivityRule, type ActivityState } from './activity.ts';
export {
  CameraStateMachine,
  DEFAULT_STATE_RULE,
  defectOf,
  stateRefusal,
  type CameraState,
  type Quality,
  type StateReason,
  type StateRule,
} from './camera-state.ts';
export { CaptureClock, type CaptureTime, type ClockError } from './capture-clock.ts';
export { Demand, RecentReaders, type DemandRule } from './demand.ts';
export { Hub, type Sink, type UnitView } from './hub.ts';
export {
  LEASE_RULE,
  holdsOn,
  roomFor,
  surplusOf,
  type CutOff,
  type LeaseCensus,
  type LeaseRule,
} from './lease-rule.ts';
export { StreamStats, type StreamCounters, type StreamRates } from './stream-stats.ts';
export { RETRY, retryWaitMs } from './retry-rule.ts';
export { streamTarget, type StreamTarget } from './stream-target.ts';
