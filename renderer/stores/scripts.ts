// Plan scripts as the window has them: those that are kept, what one may use, what is wrong with the one at hand, what it said.
import type { ScriptLibrary, ScriptPrint, ScriptProblem } from '@shared/scripts';
import { defineStore } from 'pinia';
import { computed, ref, shallowRef, watch } from 'vue';
import { bridge } from '../bridge';
import { problemsIn } from '../views/scan/script/scriptProblems';
import { noWords, wordsOf, type ScriptWords } from '../views/scan/script/scriptWords';
import { useEngine } from './engine';
import { useNotices } from './notices';
import { useScanForm } from './scanForm';

const checkAfter = 350;
const mostPrints = 1000;
const defaultName = 'script.ts';

export const useScripts = defineStore('scripts', () => {
  const form = useScanForm();
  const engine = useEngine();
  const notices = useNotices();
  const library = shallowRef<ScriptLibrary | null>(null);
  const words = shallowRef<ScriptWords>(noWords);
  const prints = shallowRef<readonly ScriptPrint[]>([]);
  /** The file that the editor's text came from or went to last. */
  const opened = ref<string | null>(null);

  const source = computed({ get: () => form.values.numbers['source'] ?? '', set: (text: string) => { form.values.numbers['source'] = text; } });
  const name = computed({ get: () => form.values.numbers['name'] ?? '', set: (text: string) => { form.values.numbers['name'] = text; } });
  const isScript = computed(() => form.plan.fields.some((field) => field.kind === 'source'));
  const all = computed(() => [...library.value?.saved ?? [], ...library.value?.templates ?? []]);
  /** There is nothing on disk like it. */
  const unsaved = computed(() => source.value.trim() !== '' && !all.value.some((file) => file.source === source.value));

  const checked = shallowRef<readonly ScriptProblem[]>([]);
  /** What went wrong while it ran; told as long as the text is the one that ran. */
  const failed = shallowRef<{ readonly source: string; readonly problems: readonly ScriptProblem[] } | null>(null);
  const problems = computed(() => [...checked.value, ...(failed.value?.source === source.value ? failed.value.problems : [])]);

  let asked = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  async function check(): Promise<void> {
    const own = ++asked;
    const text = source.value;
    if (!isScript.value || text.trim() === '') {
      checked.value = [];
      return;
    }
    const answer = await bridge.call('scan.checkScript', { source: text, name: name.value.trim() || defaultName }).catch(() => null);
    if (own === asked && answer) checked.value = answer.problems;
  }
  watch([source, name, isScript], () => {
    clearTimeout(timer);
    timer = setTimeout(() => void check(), checkAfter);
  }, { immediate: true });

  watch(() => engine.busy, (busy) => { if (busy) prints.value = []; });
  watch(() => engine.status.error, (error) => {
    const found = error ? problemsIn(name.value.trim() || defaultName, error.message) : [];
    if (found.length > 0) failed.value = { source: source.value, problems: found };
  });
  bridge.listen('scan.printed', {}, (print) => { prints.value = [...prints.value, print].slice(-mostPrints); });

  async function load(): Promise<void> {
    const [files, api] = await Promise.all([bridge.call('scan.scripts', {}), bridge.call('scan.scriptApi', {})]);
    library.value = files;
    words.value = wordsOf(api.declarations);
  }
  function open(file: { readonly name: string; readonly source: string }): void {
    source.value = file.source;
    name.value = file.name;
    opened.value = file.name;
  }
  const save = () => notices.attempt('The script was not saved', async () => {
    const file = await bridge.call('scan.saveScript', { name: name.value.trim() || defaultName, source: source.value });
    opened.value = file.name;
    name.value = file.name;
    notices.show({ level: 'ok', title: 'The script is saved', message: `${file.name}${library.value ? ` in ${library.value.folder}` : ''}` });
    await load();
  });
  /** Another file would be lost by saving under this name. */
  const replaces = computed(() => library.value?.saved.some((file) => file.name === (name.value.trim() || defaultName) && file.name !== opened.value && file.source !== source.value) === true);

  return { library, words, prints, opened, source, name, isScript, unsaved, problems, replaces, load, open, save };
});
