// Notices to the user, until they are over; one per id.
import { Emitter } from '@shared/disposable';
import type { AppNotice } from '@shared/app';

export class NoticeBoard {
  #notices = new Map<string, AppNotice>();
  #changed = new Emitter<void>();
  readonly onChange = this.#changed.on;

  post(notice: AppNotice): void {
    this.#notices.set(notice.id, notice);
    this.#changed.emit();
  }

  clear(id: string): void {
    if (this.#notices.delete(id)) this.#changed.emit();
  }

  list(): readonly AppNotice[] { return [...this.#notices.values()]; }
}
