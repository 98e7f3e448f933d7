import { createContext, useContext } from 'react';
import type {
  DispatchCommandBody,
  IntakeCommandBody,
  IncidentDetail,
  IncidentItem,
  SessionView,
  UnitDutyBody,
} from '#libs/wire';
import type { BoardView } from '../live/board-view.ts';
import type { RecommendedUnit } from './reason-words.ts';

/** A question over the page. */
export type DeskDialog =
  | {
      readonly kind:
        | 'keys'
        | 'refer'
        | 'close'
        | 'dismiss'
        | 'reopen'
        | 'merge'
        | 'link'
        | 'classify'
        | 'backup'
        | 'mask'
        | 'unmask';
    }
  | { readonly kind: 'assign'; readonly unit: RecommendedUnit; readonly code: string | null }
  | { readonly kind: 'withdraw'; readonly unitId: string; readonly callSign: string }
  | { readonly kind: 'referral'; readonly referral: IncidentDetail['referrals'][number] }
  | { readonly kind: 'resolveSos'; readonly unitId: string; readonly callSign: string };

export interface DeskNotice {
  readonly kind: 'good' | 'bad';
  readonly text: string;
}

/** The call that is being taken, the chosen incident, or nothing. */
export type Picking = 'draft' | 'incident' | null;

/** Commands without their envelope: the desk makes it. */
type Bare<T> = T extends unknown ? Omit<T, 'commandId' | 'sentAtMs'> : never;
export type DispatchWish = Bare<DispatchCommandBody>;
export type IntakeWish = Bare<IntakeCommandBody>;
export type DutyWish = Bare<UnitDutyBody>;

/** What every part of the page shares. */
export interface Desk {
  readonly session: SessionView;
  readonly board: BoardView;
  readonly selected: IncidentItem | null;
  readonly selectedId: string | null;
  select(id: string | null): void;
  showUnit(id: string): void;
  open(dialog: DeskDialog): void;
  /** Whose place the next click on the map marks. */
  readonly picking: Picking;
  pick(picking: Picking): void;
  tell(notice: DeskNotice | null): void;
  makeId(): string;
  /** Throws what the server refused; {@link Desk.attempt} tells it in words instead. */
  dispatch(incidentId: string, wish: DispatchWish): Promise<void>;
  intake(incidentId: string, wish: IntakeWish): Promise<void>;
  duty(unitId: string, wish: DutyWish): Promise<void>;
  /** Runs it and tells the outcome at the foot of the page. Answers the code of what went wrong, else `null`. */
  attempt(task: () => Promise<void>, done?: string): Promise<string | null>;
  /** Assigns at once, or asks first when a rule has to be set aside. */
  assign(unit: RecommendedUnit): Promise<void>;
  /** Names of ids, as far as the board knows them. */
  incidentCode(id: string): string;
  callSign(unitId: string): string;
  typeName(code: string): string;
  sectorName(id: string): string;
}

export const DeskContext = createContext<Desk | null>(null);

export function useDesk(): Desk {
  const desk = useContext(DeskContext);
  if (!desk) throw new Error('useDesk outside of the dispatch page');
  return desk;
}
