export {
  ACKNOWLEDGED_FOR_MS,
  HAPPENED_FOR_MS,
  UNHEARD_FOR_MS,
  onLost,
  onSignal,
  onTime,
  type AlarmCourse,
  type AlarmStep,
  type CourseRule,
} from './course.ts';
export { covers, limaMinute, wantsAttention } from './schedule.ts';
export type { AlarmSignal } from './signal.ts';
export { defaultMeaningOf, meaningOf, signalOf } from './topic-map.ts';
