// The app room's door.
export { createAppRoom } from './appRoom';
export { NoticeBoard } from './noticeBoard';
