// Completion and hover texts in a script: its functions, the plans and their arguments, and in quotes the devices.
import { snippetCompletion, type Completion, type CompletionContext, type CompletionResult } from '@codemirror/autocomplete';
import { javascriptLanguage } from '@codemirror/lang-javascript';
import { syntaxTree } from '@codemirror/language';
import type { EditorState, Extension } from '@codemirror/state';
import { hoverTooltip } from '@codemirror/view';
import { planSnippet, type FieldWord, type PlanWord, type ScriptWords } from './scriptWords';

export interface CompletionSources {
  words: () => ScriptWords;
  /** Names of devices and PVs that contain the text. */
  names: (text: string) => Promise<readonly { readonly name: string; readonly detail?: string }[]>;
}

/** The plan whose arguments are being written here. */
function planAround(state: EditorState, at: number, plans: readonly PlanWord[]): PlanWord | null {
  for (let node = syntaxTree(state).resolveInner(at, -1); node.parent; node = node.parent) {
    if (node.name !== 'CallExpression') continue;
    const callee = node.firstChild;
    const name = callee ? /^plans\.(\w+)$/.exec(state.sliceDoc(callee.from, callee.to))?.[1] : undefined;
    return plans.find((plan) => plan.name === name) ?? null;
  }
  return null;
}

function fieldOption({ name, type, doc, optional }: FieldWord): Completion {
  return { label: name, type: 'property', detail: `${optional ? 'may be left out, ' : ''}${type.length > 40 ? `${type.slice(0, 40)}…` : type}`, info: doc, apply: `${name}: ` };
}

export function scriptCompletion({ words, names }: CompletionSources): Extension {
  async function complete(context: CompletionContext): Promise<CompletionResult | null> {
    const { functions, plans } = words();
    const node = syntaxTree(context.state).resolveInner(context.pos, -1);
    if (/Comment$|^TemplateString$|^RegExp$/.test(node.name)) return null;
    if (node.name === 'String') {
      const text = context.state.sliceDoc(node.from + 1, context.pos);
      if (/['"`\s]/.test(text)) return null;
      const found = await names(text);
      return { from: node.from + 1, options: found.map(({ name, detail }) => ({ label: name, type: 'variable', ...(detail === undefined ? {} : { detail }) })), validFor: /^[^'"`\s]*$/ };
    }
    const member = context.matchBefore(/\bplans\.\w*/);
    if (member) {
      return {
        from: member.from + 'plans.'.length, validFor: /^\w*$/,
        options: plans.map((plan) => snippetCompletion(planSnippet(plan), { label: plan.name, type: 'function', info: plan.doc })),
      };
    }
    const word = context.matchBefore(/\w+/);
    if (!word && !context.explicit) return null;
    const plan = planAround(context.state, context.pos, plans);
    const fields = plan ? plan.fields.flatMap((field) => [field, ...field.columns]) : [];
    return {
      from: word?.from ?? context.pos, validFor: /^\w*$/,
      options: [
        ...fields.map((field) => ({ ...fieldOption(field), boost: 2 })),
        ...functions.map(({ name, signature, doc }): Completion => ({ label: name, type: 'function', detail: signature.slice(name.length), info: doc })),
        { label: 'plans', type: 'namespace', info: 'The built-in plans: yield* plans.scan({ … })' },
      ],
    };
  }

  const hover = hoverTooltip((view, position) => {
    const word = view.state.wordAt(position);
    if (!word) return null;
    const text = view.state.sliceDoc(word.from, word.to);
    const isMember = view.state.sliceDoc(Math.max(0, word.from - 6), word.from) === 'plans.';
    const { functions, plans } = words();
    const found = (isMember ? plans : functions).find(({ name }) => name === text) ?? planAround(view.state, position, plans)?.fields.find(({ name }) => name === text);
    if (!found) return null;
    return {
      pos: word.from, end: word.to, above: true,
      create: () => {
        const dom = document.createElement('div');
        dom.className = 'cm-word';
        const code = document.createElement('code');
        code.textContent = 'signature' in found ? found.signature : `${found.name}: ${found.type}`;
        dom.append(code, found.doc);
        return { dom };
      },
    };
  });
  return [javascriptLanguage.data.of({ autocomplete: complete }), hover];
}
