// The user's own scripts and plan files, in a folder of their own; and what a plan file of any place holds.
import { promises as fs } from 'node:fs';
import { basename, extname, isAbsolute, join } from 'node:path';
import { EndstationError, toErrorData } from '@shared/errors';
import { checkPlan, type PlanRequest } from '@shared/plans';
import type { NestedPlan } from '@shared/plans/compositions';
import type { ScriptFile, ScriptLibrary } from '@shared/scripts';
import { writeWhole } from '../../files/writeWhole';
import { scriptTemplates } from './scriptTemplates';

const largest = 1_000_000;
const mostFiles = 500;

function isScript(name: string): boolean {
  return /\.(ts|js)$/.test(name);
}

export class PlanFiles {
  /** `folder`: absolute; made when something is saved. */
  constructor(private readonly folder: string) {}

  async list(): Promise<ScriptLibrary> {
    const names = await fs.readdir(this.folder).catch(() => [] as string[]);
    const saved = await Promise.all(names.filter(isScript).sort().slice(0, mostFiles).map(async (name): Promise<ScriptFile[]> => {
      const source = await fs.readFile(join(this.folder, name), 'utf8').catch(() => null);
      return source === null ? [] : [{ name, title: name.replace(/\.\w+$/, ''), source }];
    }));
    return { templates: scriptTemplates, saved: saved.flat(), folder: this.folder };
  }

  /** Errors: `PLAN_FILE`. */
  async save(name: string, source: string): Promise<ScriptFile> {
    if (!/^[\w][\w .-]{0,80}\.(ts|js)$/.test(name)) {
      throw new EndstationError('PLAN_FILE', `The script was not saved: "${name}" is no name for it. Use letters, digits and dashes, and end it with .ts or .js.`);
    }
    try {
      await writeWhole(join(this.folder, name), source);
    } catch (error) {
      throw new EndstationError('PLAN_FILE', `The script was not saved in ${this.folder}: ${toErrorData(error).message}`, { cause: error });
    }
    return { name, title: name.replace(/\.\w+$/, ''), source };
  }

  /** The plan that a file holds: `{"plan", "args"}` in .json, a script in .ts and .js. Errors: `PLAN_FILE`. */
  async read(file: string): Promise<PlanRequest> {
    const refuse = (why: string): never => { throw new EndstationError('PLAN_FILE', `The plan file ${file} can not be used: ${why}.`); };
    const path = isAbsolute(file) ? file : join(this.folder, file);
    if (!isScript(path) && extname(path) !== '.json') refuse('its name must end with .json, .ts or .js');
    if (!isAbsolute(file) && basename(file) !== file) refuse('give the name of one of your plans, or an absolute path');
    const text = await fs.readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => refuse(error.code === 'ENOENT' ? `it is not in ${isAbsolute(file) ? 'that folder' : this.folder}` : 'it can not be read'));
    if (text.length > largest) refuse('it is too long');
    if (isScript(path)) return { plan: 'script', args: { source: text, name: basename(path) } };
    let content: unknown;
    try {
      content = JSON.parse(text);
    } catch {
      refuse('it is no JSON');
    }
    const { plan, args } = (typeof content === 'object' && content !== null ? content : {}) as { plan?: unknown; args?: unknown };
    const result = checkPlan(String(plan), args);
    return result.ok ? result.request : refuse(result.problems.map(({ field, message }) => (field ? `${field}: ${message}` : message)).join(' '));
  }

  /** The request with what its files hold now. Errors: `PLAN_FILE`, also for files that include one another without end. */
  async resolve(request: PlanRequest, depth = 0): Promise<PlanRequest> {
    if (depth > 8) throw new EndstationError('PLAN_FILE', 'The plan files include one another without end.');
    const inner = async (nested: NestedPlan): Promise<NestedPlan> => {
      const { plan, args } = await this.resolve(nested as unknown as PlanRequest, depth + 1);
      return { plan, args: { ...args } };
    };
    switch (request.plan) {
      case 'include': {
        const { plan, args } = await this.resolve(await this.read(request.args.file), depth + 1);
        return { plan: 'include', args: { file: request.args.file, plan: { plan, args: { ...args } } } };
      }
      case 'loop': return { plan: 'loop', args: { ...request.args, plan: await inner(request.args.plan) } };
      case 'sequence': return { plan: 'sequence', args: { plans: await Promise.all(request.args.plans.map(inner)) } };
      default: return request;
    }
  }
}
