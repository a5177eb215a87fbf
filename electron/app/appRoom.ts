// The application about itself: what it is, and once a second how it is.
import { disposable, Emitter } from '@shared/disposable';
import type { AppInfo, AppStatus } from '@shared/app';
import type { Room } from '../room';
import { watchLoopDelay } from './loopDelay';
import type { NoticeBoard } from './noticeBoard';

export interface PvCounts { readonly pvs: number; readonly disconnected: number; readonly connecting?: number; /** Updates received since the start. */ readonly received: number }

export interface AppOptions {
  readonly info: Omit<AppInfo, 'observer' | 'user'>;
  readonly notices: NoticeBoard;
  profile(): { readonly name: string; readonly simulation: boolean };
  counts(): PvCounts;
}

export interface AppRoom extends Room<'app.info' | 'app.status'> {
  /** Tells the status now: the profile changed. */
  refresh(): void;
}

const period = 1000;

export function createAppRoom(options: AppOptions): AppRoom {
  const loop = watchLoopDelay();
  const statuses = new Emitter<AppStatus>();
  let received = options.counts().received;
  let measured = { updatesPerSecond: 0, loopDelay: 0 };

  const status = (): AppStatus => {
    const { name, simulation } = options.profile();
    const { pvs, disconnected, connecting = 0 } = options.counts();
    return { profile: name, simulation, pvs, disconnected, connecting, ...measured, notices: options.notices.list() };
  };
  const refresh = (): void => statuses.emit(status());
  const timer = setInterval(() => {
    const now = options.counts().received;
    measured = { updatesPerSecond: Math.max(0, now - received), loopDelay: loop.take() };
    received = now;
    refresh();
  }, period);
  const noticed = options.notices.onChange(refresh);

  return {
    handlers: {
      'app.info': (_args, session) => ({ ...options.info, observer: session.observer, user: session.user }),
      'app.status': (_args, emit) => {
        const listening = statuses.on(emit);
        emit(status());
        return disposable(() => listening.dispose());
      },
    },
    refresh,
    dispose() {
      clearInterval(timer);
      noticed.dispose();
      loop.dispose();
    },
  };
}
