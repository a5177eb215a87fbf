// The value of $(DID): another one for each opened display, so that loc:// PVs named with it are its own.
let last = 0;

export function nextDisplayId(): string {
  last += 1;
  return `D${last}`;
}
