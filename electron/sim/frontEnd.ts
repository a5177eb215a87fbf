// The front-end shutter: a command and the status that follows half a second later.
import { addEnum } from './records/pvKinds';
import type { SimContext } from './simContext';

/** Seconds that the blade takes. */
const travelTime = 0.5;
const open = 1;
const moving = 2;

export class FrontEnd {
  private transmitting = true;

  constructor(context: SimContext) {
    const { clock } = context;
    const status = addEnum(context, {
      name: 'SIM:FE:SHUTTER_STATUS', description: 'Front-end shutter status', states: ['Closed', 'Open', 'Moving'], initial: open,
    });
    let command = 0;
    const shutter = addEnum(context, {
      name: 'SIM:FE:SHUTTER', description: 'Front-end shutter', states: ['Closed', 'Open'], initial: open,
      onWrite: async (index) => {
        const mine = ++command;
        shutter.set(index);
        if (status.number !== index) {
          // No beam passes a blade on its way.
          this.transmitting = false;
          status.set(moving);
          await clock.delay(travelTime);
          if (mine !== command) return;
          status.set(index);
        }
        this.transmitting = index === open;
        context.settled();
      },
    });
  }

  get isOpen(): boolean {
    return this.transmitting;
  }
}
