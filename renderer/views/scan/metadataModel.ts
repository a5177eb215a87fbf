// What is recorded with a run besides its plan, as typed: sample, proposal and free keys.
export interface MetadataFields { sample: string; proposal: string; free: { key: string; value: string }[] }
type Recorded = Record<string, string | number | boolean>;

export function noMetadata(): MetadataFields { return { sample: '', proposal: '', free: [] }; }

/** Keys that a run has of itself: a start document's other keys were given by hand. */
const ofTheRun = new Set([
  'uid', 'time', 'scan_id', 'plan_name', 'plan_type', 'plan_args', 'detectors', 'motors', 'num_points', 'num_intervals', 'shape', 'extents', 'snaking', 'hints', 'plan_readings', 'user', 'profile',
]);

/** Numbers, true and false are taken as such, as on the command line. */
function typed(text: string): string | number | boolean {
  const value = text.trim();
  if (value === 'true' || value === 'false') return value === 'true';
  return /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(value) ? Number(value) : value;
}

/** Why a key can't be used; '' where it can. */
export function keyProblem({ free }: MetadataFields, index: number): string {
  const key = free[index]?.key.trim() ?? '';
  if (key === '') return free[index]?.value.trim() ? 'Name it.' : '';
  if (ofTheRun.has(key) || key === 'sample' || key === 'proposal') return `${key} is the run's own.`;
  return free.findIndex((row) => row.key.trim() === key) < index ? `${key} is there already.` : '';
}

/** What is empty, or named like a key of the run itself, is left out. */
export function metadataOf(fields: MetadataFields): Recorded {
  const recorded: Recorded = {};
  if (fields.sample.trim()) recorded['sample'] = fields.sample.trim();
  if (fields.proposal.trim()) recorded['proposal'] = fields.proposal.trim();
  fields.free.forEach(({ key, value }, index) => { if (key.trim() && value.trim() && keyProblem(fields, index) === '') recorded[key.trim()] = typed(value); });
  return recorded;
}

/** The fields that would record what a start document has besides its own keys. */
export function givenMetadata(start: Readonly<Record<string, unknown>>): MetadataFields {
  const { sample, proposal, ...rest } = start;
  const text = (value: unknown) => (typeof value === 'string' || typeof value === 'number' ? String(value) : '');
  const free = Object.entries(rest).flatMap(([key, value]) => (!ofTheRun.has(key) && ['string', 'number', 'boolean'].includes(typeof value) ? [{ key, value: String(value) }] : []));
  return { sample: text(sample), proposal: text(proposal), free };
}
