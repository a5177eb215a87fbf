// The app room's door.
export { createAppRoom } from './appRoom';
export type { AppOptions, AppRoom, PvCounts } from './appRoom';
export { NoticeBoard } from './noticeBoard';
