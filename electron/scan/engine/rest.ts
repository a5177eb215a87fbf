// Coming to rest and going on: what moves is stopped, the unfinished point is dropped; afterwards all is where the plan had it.
import type { Plan } from '@shared/messages';
import { abortable } from '../../devices/abortable';
import { isMovable } from '../../devices/device';
import type { Unfinished } from './actions';
import { carryOut } from './commandTable';
import type { Session } from './session';
import { stopDevices } from './stopDevices';

/** Milliseconds in which devices must take a stop. */
const stopLimit = 1000;

/** Gives what was on its way without anybody waiting for it. */
export async function comeToRest(session: Session): Promise<readonly Unfinished[]> {
  const { busy, unfinished } = session.actions;
  session.flight?.hold();
  if (busy.length > 0) await stopDevices(busy, session.context.writer, stopLimit);
  session.actions.clear();
  session.run?.bundler.drop();
  return unfinished;
}

/**
 * Somebody may have moved a motor meanwhile: all go back to where the plan had sent them, but those of `again`, which the plan sets again
 * anyway. What was on its way sets out again, and nobody waits for it.
 */
export async function bringBack(session: Session, again: ReadonlySet<string>, unfinished: readonly Unfinished[], signal: AbortSignal): Promise<void> {
  session.flight?.go();
  const onTheirWay = unfinished.filter(({ device }) => !again.has(device.name));
  const moves = [...session.targets].filter(([name]) => !again.has(name) && !onTheirWay.some(({ device }) => device.name === name)).map(async ([name, value]) => {
    const device = await session.device(name);
    if (!isMovable(device) || device.isAt(value)) return;
    const move = device.set(value, session.context);
    session.actions.start('restore', device, move);
    await move;
  });
  await abortable(Promise.all(moves), signal, 'Going back');
  for (const { group, device, again: start } of onTheirWay) session.actions.start(group, device, start(), start);
}

/** Carries out a plan that records nothing, while the scan rests: what it moves is not where the scan's own plan had sent it. Errors: the plan's, `InterruptedError`. */
export async function runAside(plan: Plan, session: Session, signal: AbortSignal): Promise<void> {
  const targets = [...session.targets];
  try {
    await carryOutAll(plan, session, signal);
  } finally {
    session.targets.clear();
    for (const [device, target] of targets) session.targets.set(device, target);
  }
}

async function carryOutAll(plan: Plan, session: Session, signal: AbortSignal): Promise<void> {
  for (let step = await plan.next(undefined); step.done !== true;) {
    const message = step.value;
    if (message.command === 'pause' || message.command === 'open_run' || message.command === 'close_run' || message.command === 'create' || message.command === 'save') {
      step = await plan.next(undefined);
      continue;
    }
    const result = await abortable(Promise.resolve(carryOut(message, session)), signal, `\`${message.command}\``);
    step = await plan.next(result ?? undefined);
  }
}
